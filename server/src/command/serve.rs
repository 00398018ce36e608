//! `serve`: the server itself.

use std::{io::Write, net::SocketAddr, sync::Arc};

use anyhow::{Context, bail};
use clap::Args;
use customers_store::{Store, Tenancy};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{CommonFlags, demo::Demo, log, runtime};
use crate::{http::Limits, start_server};

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    common: CommonFlags,
    #[arg(
        long,
        value_name = "ADDR:PORT",
        help = "Where to listen; port 0 picks a free one [default: 127.0.0.1:8080] [env: \
                CUSTOMERS_LISTEN] [TOML: listen]"
    )]
    listen: Option<String>,
    #[arg(
        long,
        value_name = "NUMBER",
        help = "Requests a minute of one token; all of them may come at once, and come back \
                evenly [default: 6000] [env: CUSTOMERS_REQUESTS_PER_MINUTE] [TOML: \
                requests-per-minute]"
    )]
    requests_per_minute: Option<String>,
    #[arg(
        long,
        value_name = "NUMBER",
        help = "Authentications a minute from one address that may fail. Behind a proxy all \
                callers have its address: give their number times as many [default: 60] [env: \
                CUSTOMERS_FAILED_AUTHENTICATIONS_PER_MINUTE] [TOML: \
                failed-authentications-per-minute]"
    )]
    failed_authentications_per_minute: Option<String>,
    /// Make a small fictional data set in a fresh store and print a request that reads from it.
    /// The store is that of --store, in which there must be nothing yet, or else a temporary file
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let settings = self.common.settings(&[
            ("listen", self.listen.as_deref()),
            ("requests-per-minute", self.requests_per_minute.as_deref()),
            (
                "failed-authentications-per-minute",
                self.failed_authentications_per_minute.as_deref(),
            ),
        ])?;
        let log = log(&settings)?;
        let (listen, limits) = (settings.listen()?, settings.limits()?);
        runtime()?.block_on(async {
            if self.demo {
                let demo = Demo::make(settings.optional_store()?).await?;
                serve(listen, demo.store(), limits, &log, |address| demo.introduction(address))
                    .await
            } else {
                let store = customers_store::open(&settings.store()?, Tenancy::Sole).await?;
                serve(listen, store, limits, &log, |_| String::new()).await
            }
        })
    }
}

async fn serve(
    listen: SocketAddr,
    store: Arc<dyn Store>,
    limits: Limits,
    log: &slog::Logger,
    introduction: impl FnOnce(SocketAddr) -> String,
) -> anyhow::Result<()> {
    // Before anything can be stopped, so that an early signal is not lost.
    let (mut terminate, mut interrupt) =
        (listen_for(SignalKind::terminate())?, listen_for(SignalKind::interrupt())?);
    let server = start_server(listen, store, log, limits).await.with_context(|| {
        format!(
            "can't listen on {listen}; name another address with --listen, port 0 picks a free one"
        )
    })?;
    let address = server.address();
    // Whoever started the server may have read enough and closed the pipe; it serves all the same.
    let introduction = format!("listening on http://{address}\n{}", introduction(address));
    let mut stdout = std::io::stdout();
    let _ = stdout.write_all(introduction.as_bytes()).and_then(|()| stdout.flush());
    slog::info!(log, "listening"; "address" => %address);
    either(&mut terminate, &mut interrupt).await;
    tokio::select! {
        closed = server.close() => closed,
        () = either(&mut terminate, &mut interrupt) => bail!("stopped at once by a second signal"),
    }
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

fn listen_for(kind: SignalKind) -> anyhow::Result<Signal> {
    signal(kind).context("signals can't be received")
}
