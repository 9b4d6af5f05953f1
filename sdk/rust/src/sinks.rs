// SPDX-License-Identifier: 0BSD
//! What takes a plugin's words. The host copies each before the call returns.
use crate::abi::*;
use crate::error::{Error, Result};
use crate::text::{lend, lend_bytes};
use std::ptr::null;

/// The host needs nothing more of this exchange: emit no more and return. `?` does that: it is no failure.
#[derive(Debug, Clone, Copy)]
pub struct Stopped;

/// Inside the SDK and of `Exchange`'s functions: what ends one early.
#[derive(Debug, Clone)]
pub enum Fault {
    Stopped,
    Failed(Error),
}

impl From<Stopped> for Fault {
    fn from(_: Stopped) -> Fault {
        Fault::Stopped
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Failed(error)
    }
}

/// Takes the HTTP request: `line` once, then headers, then a body.
pub struct Writer<'a> {
    pub(crate) raw: &'a belay_http_writer,
}

impl<'a> Writer<'a> {
    pub fn line(&mut self, method: &str, url: &str) -> Result<()> {
        let line = self.raw.line.ok_or_else(short)?;
        Error::of(unsafe { line(self.raw.host, lend(method), lend(url)) })
    }
    /// A value with a control character in it (a line end from a key file, say) is refused here, before the host sees it.
    pub fn header(&mut self, name: &str, value: &str) -> Result<()> {
        self.put(name, value, 0, BELAY_ERR_UNSUPPORTED)
    }
    /// A header whose value holds a secret (P20).
    pub fn secret_header(&mut self, name: &str, value: &str) -> Result<()> {
        self.put(name, value, BELAY_SECRET, BELAY_ERR_CREDENTIAL)
    }
    pub fn body(&mut self, piece: &[u8]) -> Result<()> {
        let body = self.raw.body.ok_or_else(short)?;
        Error::of(unsafe { body(self.raw.host, lend_bytes(piece)) })
    }
    /// Sends the request's body as it is, without a copy; instead of `body`.
    pub fn body_as_given(&mut self) -> Result<()> {
        let body = self.raw.body_as_given.ok_or_else(short)?;
        Error::of(unsafe { body(self.raw.host) })
    }

    fn put(&mut self, name: &str, value: &str, flags: u32, illegal: belay_status) -> Result<()> {
        if value.bytes().any(|byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f) {
            return Err(Error::new(illegal, format!("the header {} would have a control character in it", name)));
        }
        let header = self.raw.header.ok_or_else(short)?;
        Error::of(unsafe { header(self.raw.host, lend(name), lend(value), flags) })
    }
}

fn short() -> Error {
    Error::new(BELAY_ERR_CONTRACT, "a table of the host is shorter than ABI 1.0 says")
}

/// Tokens of the whole reply so far; None: not told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Cached and cache_write included.
    pub prompt: Option<i64>,
    /// Reasoning included.
    pub completion: Option<i64>,
    pub cached: Option<i64>,
    pub cache_write: Option<i64>,
    pub reasoning: Option<i64>,
    pub audio: Option<i64>,
}

/// Where events go; their grammar stands in `belay/event.h`.
pub struct Sink<'a> {
    pub(crate) raw: &'a belay_sink,
    pub(crate) stopped: bool,
}

type Emitted = std::result::Result<(), Stopped>;

impl<'a> Sink<'a> {
    pub fn message_start(&mut self, id: &str, model: &str) -> Emitted {
        self.emit(belay_event { a: lend(id), b: lend(model), ..blank(BELAY_EVENT_MESSAGE_START) })
    }
    pub fn text(&mut self, piece: &str) -> Emitted {
        self.emit(belay_event { a: lend(piece), ..blank(BELAY_EVENT_TEXT) })
    }
    pub fn reasoning(&mut self, piece: &str) -> Emitted {
        self.emit(belay_event { a: lend(piece), ..blank(BELAY_EVENT_REASONING) })
    }
    pub fn refusal(&mut self, piece: &str) -> Emitted {
        self.emit(belay_event { a: lend(piece), ..blank(BELAY_EVENT_REFUSAL) })
    }
    pub fn tool_begin(&mut self, index: u32, id: &str, name: &str) -> Emitted {
        self.emit(belay_event { index, a: lend(id), b: lend(name), ..blank(BELAY_EVENT_TOOL_BEGIN) })
    }
    pub fn tool_args(&mut self, index: u32, piece: &str) -> Emitted {
        self.emit(belay_event { index, a: lend(piece), ..blank(BELAY_EVENT_TOOL_ARGS) })
    }
    pub fn tool_end(&mut self, index: u32) -> Emitted {
        self.emit(belay_event { index, ..blank(BELAY_EVENT_TOOL_END) })
    }
    pub fn usage(&mut self, so_far: Usage) -> Emitted {
        let told = |tokens: Option<i64>| tokens.unwrap_or(-1);
        let usage = belay_usage {
            size: std::mem::size_of::<belay_usage>() as u32,
            flags: 0,
            prompt: told(so_far.prompt),
            completion: told(so_far.completion),
            cached: told(so_far.cached),
            cache_write: told(so_far.cache_write),
            reasoning: told(so_far.reasoning),
            audio: told(so_far.audio),
        };
        self.emit(belay_event { usage: &usage, ..blank(BELAY_EVENT_USAGE) })
    }
    /// `why`: BELAY_STOPPED_...; `word`: upstream's own for it.
    pub fn stop(&mut self, why: i32, word: &str) -> Emitted {
        self.emit(belay_event { num: i64::from(why), a: lend(word), ..blank(BELAY_EVENT_STOP) })
    }
    pub fn ping(&mut self) -> Emitted {
        self.emit(blank(BELAY_EVENT_PING))
    }
    /// One whole upstream event, or the whole unstreamed body, where plugin and caller speak the same wire.
    pub fn raw(&mut self, data: &str, name: &str) -> Emitted {
        self.emit(belay_event { a: lend(data), b: lend(name), ..blank(BELAY_EVENT_RAW) })
    }
    pub(crate) fn raw_bytes(&mut self, data: &[u8], name: &[u8]) -> Emitted {
        let text = |from: &[u8]| belay_str { ptr: from.as_ptr() as *const _, len: from.len() as u64 };
        self.emit(belay_event { a: text(data), b: text(name), ..blank(BELAY_EVENT_RAW) })
    }
    /// The whole canonical reply of embeddings or models.
    pub fn result(&mut self, json: &str) -> Emitted {
        self.emit(belay_event { a: lend(json), ..blank(BELAY_EVENT_RESULT) })
    }
    /// `kind`: BELAY_FAILURE_IN_REPLY with the error object or event, _INVALID, _CUT.
    pub fn error(&mut self, kind: u32, status: i32, body: &[u8]) -> Emitted {
        let failure = belay_failure {
            size: std::mem::size_of::<belay_failure>() as u32,
            kind,
            status,
            flags: 0,
            headers: belay_fields { at: null(), count: 0, stride: std::mem::size_of::<belay_field>() as u32 },
            body: lend_bytes(body),
            code: lend(""),
            r#type: lend(""),
            message: lend(""),
            parameter: lend(""),
        };
        self.emit(belay_event { failure: &failure, ..blank(BELAY_EVENT_ERROR) })
    }

    /// After a stop nothing is emitted any more, whoever asks.
    fn emit(&mut self, event: belay_event) -> Emitted {
        if !self.stopped {
            self.stopped = match self.raw.emit {
                Some(emit) => {
                    let status = unsafe { emit(self.raw.host, &event) };
                    status == BELAY_STOP || status < 0
                }
                None => true,
            };
        }
        if self.stopped {
            Err(Stopped)
        } else {
            Ok(())
        }
    }
}

fn blank(kind: u32) -> belay_event {
    belay_event {
        size: std::mem::size_of::<belay_event>() as u32,
        r#type: kind,
        flags: 0,
        index: 0,
        a: lend(""),
        b: lend(""),
        num: 0,
        usage: null(),
        failure: null(),
    }
}

/// Takes the new fields of a credential.
pub struct FieldSink<'a> {
    pub(crate) raw: &'a belay_field_sink,
}

impl<'a> FieldSink<'a> {
    pub fn emit(&mut self, name: &str, value: &str) -> Result<()> {
        self.put(name, value, 0)
    }
    pub fn emit_secret(&mut self, name: &str, value: &str) -> Result<()> {
        self.put(name, value, BELAY_SECRET)
    }
    fn put(&mut self, name: &str, value: &str, flags: u32) -> Result<()> {
        let emit = self.raw.emit.ok_or_else(short)?;
        Error::of(unsafe { emit(self.raw.host, lend(name), lend(value), flags) })
    }
}
