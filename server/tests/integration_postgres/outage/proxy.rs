//! Somebody between the server and its database, by whom bytes are held up and connections cut.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{AbortHandle, JoinSet},
};

/// What happens to a connection by which certain bytes are sent to the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    /// It is cut before the database has them.
    Cut,
    /// It is cut instead of the answer to them, after the database has given it.
    CutAnswer,
    /// The answer to them stops in the middle, until the proxy is told to complete it.
    StopAnswer,
}

/// Listens at a port of its own for as long as it is there.
pub(super) struct Proxy {
    address: SocketAddr,
    way: Way,
    flows: watch::Sender<bool>,
    completes: watch::Sender<bool>,
    listening: AbortHandle,
}

/// What a connection has to know of its proxy.
#[derive(Clone)]
struct Way {
    database: SocketAddr,
    flows: watch::Receiver<bool>,
    completes: watch::Receiver<bool>,
    next: Arc<Mutex<Option<Next>>>,
}

/// What is to happen to the connection by which these bytes are sent.
struct Next {
    bytes: Vec<u8>,
    mishap: Mishap,
}

impl Proxy {
    pub(super) async fn to(database: SocketAddr) -> Self {
        let (flows, flowing) = watch::channel(true);
        let (completes, completing) = watch::channel(false);
        let way = Way { database, flows: flowing, completes: completing, next: Arc::default() };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let listening = tokio::spawn(way.clone().listen(listener)).abort_handle();
        Self { address, way, flows, completes, listening }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Passes nothing on any more, in either direction.
    pub(super) fn stop(&self) {
        self.flows.send_replace(false);
    }

    /// Passes on what comes, and what was held up.
    pub(super) fn flow(&self) {
        self.flows.send_replace(true);
    }

    /// Completes the answer that stopped in the middle.
    pub(super) fn complete(&self) {
        self.completes.send_replace(true);
    }

    /// Cuts all connections, and listens no longer.
    pub(super) async fn refuse(&self) {
        self.listening.abort();
        while TcpStream::connect(self.address).await.is_ok() {}
    }

    /// Listens again.
    pub(super) async fn accept(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.listening = tokio::spawn(self.way.clone().listen(listener)).abort_handle();
    }

    /// Has this happen once, to the connection by which these bytes are sent next.
    pub(super) fn next(&self, bytes: &[u8], mishap: Mishap) {
        *self.way.next.lock().unwrap() = Some(Next { bytes: bytes.to_owned(), mishap });
    }

    /// Whether what was to happen has.
    pub(super) fn has_happened(&self) -> bool {
        self.way.next.lock().unwrap().is_none()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Way {
    async fn listen(self, listener: TcpListener) {
        // They end with this.
        let mut connections = JoinSet::new();
        while let Ok((server, _)) = listener.accept().await {
            connections.spawn(self.clone().carry(server));
        }
    }

    async fn carry(self, server: TcpStream) {
        let database = TcpStream::connect(self.database).await.unwrap();
        let (from_server, to_server) = server.into_split();
        let (from_database, to_database) = database.into_split();
        let (happens, happened) = watch::channel(None);
        // Whichever ends first ends both.
        tokio::select! {
            () = self.clone().ask(from_server, to_database, happens) => {}
            () = self.clone().answer(from_database, to_server, happened) => {}
        }
    }

    async fn ask(
        mut self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        happens: watch::Sender<Option<Mishap>>,
    ) {
        while let Some(bytes) = self.take(&mut from).await {
            if let Some(mishap) = self.mishap(&bytes) {
                if mishap == Mishap::Cut {
                    return;
                }
                happens.send_replace(Some(mishap));
            }
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }

    async fn answer(
        mut self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        happened: watch::Receiver<Option<Mishap>>,
    ) {
        while let Some(bytes) = self.take(&mut from).await {
            let mishap = *happened.borrow();
            let (now, later) = match mishap {
                None => (&bytes[..], &[][..]),
                Some(Mishap::StopAnswer) => bytes.split_at(bytes.len() / 2),
                Some(Mishap::Cut | Mishap::CutAnswer) => return,
            };
            if to.write_all(now).await.is_err() {
                return;
            }
            if later.is_empty() {
                continue;
            }
            if self.completes.wait_for(|completes| *completes).await.is_err()
                || to.write_all(later).await.is_err()
            {
                return;
            }
        }
    }

    /// What comes next, as soon as it may pass.
    async fn take(&mut self, from: &mut OwnedReadHalf) -> Option<Vec<u8>> {
        let mut bytes = vec![0; 64 * 1024];
        let length = from.read(&mut bytes).await.ok().filter(|length| *length > 0)?;
        bytes.truncate(length);
        self.flows.wait_for(|flows| *flows).await.ok()?;
        Some(bytes)
    }

    fn mishap(&self, bytes: &[u8]) -> Option<Mishap> {
        let mut next = self.next.lock().unwrap();
        let fits = |next: &mut Next| bytes.windows(next.bytes.len()).any(|part| part == next.bytes);
        next.take_if(fits).map(|next| next.mishap)
    }
}
