//! Bare hyper: every request is answered with the bytes of one file.

use std::{fs, future};

use bytes::Bytes;
use customers_bench_floors::{program, serving};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let answer = Bytes::from(fs::read(program::argument(1, "the file with the answer")?)?);
    serving::serve(move |_| future::ready(serving::response(Ok(answer.clone())))).await
}
