//! The log: JSON lines, or text on a terminal, on standard error.
//!
//! It never has a token, a name, an address, a telephone number or a Stripe id. Our own records
//! hold none; those of others are let through only in the parts that can't.
//!
//! A log that can't be written neither stops the service nor holds it up: see `lines`.

mod lines;

use std::{
    fmt,
    io::{self, IsTerminal, Write as _},
    panic,
    sync::{Mutex, OnceLock},
};

use slog::{
    Drain, KV, Key, Level, LevelFilter, Logger, Never, OwnedKVList, Record, Serializer, b, error,
    info, o, record, warn,
};
use slog_json::Json;

use self::lines::Lines;

/// What waits to be written to standard error, which is the whole process's, too.
static STDERR: OnceLock<Lines> = OnceLock::new();

/// A log of all records of this level and above.
///
/// # Errors
/// When there can't be a thread that writes it.
pub fn logger(level: Level) -> io::Result<Logger> {
    let stderr = io::stderr();
    if stderr.is_terminal() {
        let decorator = slog_term::TermDecorator::new().stderr().build();
        let drain = Mutex::new(slog_term::FullFormat::new(decorator).build()).ignore_res();
        return Ok(Logger::root(LevelFilter::new(drain, level).ignore_res(), o!()));
    }
    let lines = if let Some(lines) = STDERR.get() {
        lines.clone()
    } else {
        let lines = Lines::start(stderr, lost)?;
        STDERR.get_or_init(|| lines).clone()
    };
    let drain = Json::new(Line { text: Vec::new(), lines }).set_flush(true);
    let drain = Mutex::new(drain.add_default_keys().build()).ignore_res();
    Ok(Logger::root(LevelFilter::new(drain, level).ignore_res(), o!()))
}

/// One line, which comes in dozens of pieces.
struct Line {
    text: Vec<u8>,
    lines: Lines,
}

impl io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lines.leave(&self.text);
        self.text.clear();
        Ok(())
    }
}

/// The line that tells how many are missing.
fn lost(lines: u64) -> Vec<u8> {
    let mut line = Vec::new();
    // Memory takes everything.
    let _ = Json::default(&mut line).log(
        &record!(
            Level::Warning,
            "",
            &format_args!("lines of the log were lost"),
            b!("lines" => lines)
        ),
        &o!().into(),
    );
    line
}

/// Writes for the person at the terminal, behind what was logged.
pub fn report(message: fmt::Arguments<'_>) {
    match STDERR.get() {
        Some(lines) => lines.leave(format!("{message}\n").as_bytes()),
        // Nowhere to report that the report can't be written.
        None => drop(writeln!(io::stderr(), "{message}")),
    }
}

/// What was logged is written when this is dropped, by a panic, too; but a log that nobody reads
/// holds the end of the program up for no more than a moment.
pub struct Ending;

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(lines) = STDERR.get() {
            lines.finish();
        }
    }
}

/// Reports panics to the log: where, but not with what message, which may hold anything.
pub fn report_panics(log: &Logger) {
    let log = log.clone();
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(log, "panic"; "place" => place);
    }));
}

/// A logger for Dropshot. Each of its records about a request has the whole URI, and its errors
/// repeat what they could not read; none of that may be logged.
pub(crate) fn of_dropshot(log: &Logger) -> Logger {
    Logger::root(Redacted { log: log.clone() }, o!())
}

/// Lets through what Dropshot refused by itself, which no operation logs, and its warnings;
/// stripped of all but the fields that can't hold what was sent.
struct Redacted {
    log: Logger,
}

impl Drain for Redacted {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, values: &OwnedKVList) -> Result<(), Never> {
        if !record.level().is_at_least(Level::Info) {
            return Ok(());
        }
        let is_problem = record.level().is_at_least(Level::Warning);
        // Serializing into these can't fail. First into the one that costs next to nothing, since
        // most records are of requests that an operation has answered.
        let mut refusal = Refusal(false);
        let _ = record.kv().serialize(record, &mut refusal);
        if !is_problem && !refusal.0 {
            return Ok(());
        }
        // What the guard at the routes refuses is reported twice, first as a warning about
        // versions.
        if record.msg().to_string() == "failed to determine request API version" {
            return Ok(());
        }
        let mut fields = Fields::default();
        let _ = record.kv().serialize(record, &mut fields);
        let _ = values.serialize(record, &mut fields);
        let log = || self.log.new(o!("request_id" => fields.request_id));
        if is_problem {
            warn!(log(), "the HTTP server has a problem"; "problem" => %record.msg());
        } else {
            info!(log(), "request refused"; "status" => fields.status, "latency_us" => fields.latency);
        }
        Ok(())
    }
}

/// The fields of Dropshot's records that may be logged.
#[derive(Default)]
struct Fields {
    request_id: Option<String>,
    status: Option<u64>,
    latency: Option<u64>,
}

impl Serializer for Fields {
    fn emit_arguments(&mut self, key: Key, value: &fmt::Arguments<'_>) -> slog::Result {
        match key.as_ref() {
            "req_id" => self.request_id = Some(value.to_string()),
            "response_code" => self.status = value.to_string().parse().ok(),
            "latency_us" => self.latency = value.to_string().parse().ok(),
            _ => {}
        }
        Ok(())
    }
}

/// Whether Dropshot itself refused the request: only then is there a message for the outside.
struct Refusal(bool);

impl Serializer for Refusal {
    fn emit_arguments(&mut self, key: Key, _: &fmt::Arguments<'_>) -> slog::Result {
        self.0 |= key.as_ref() == "error_message_external";
        Ok(())
    }
}
