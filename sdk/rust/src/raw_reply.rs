// SPDX-License-Identifier: 0BSD
//! The reply of an upstream whose wire the caller speaks too, handed on as RAW events: each event of a stream once it is whole, or the whole
//! unstreamed body. Nothing in it is parsed; the host finds content, usage, errors and the end.
use crate::abi::*;
use crate::error::Error;
use crate::provider::Finish;
use crate::sinks::{Fault, Sink};
use crate::sse::{Event, Parser, TooLarge};
use crate::views::Head;

const EVENT_LIMIT: usize = 16 << 20;
const BODY_LIMIT: usize = 64 << 20;
const MARK: &[u8] = b"\xEF\xBB\xBF";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Undecided,
    Body,
    Events,
}

pub struct RawReply {
    streamed: bool,
    declared_events: bool,
    kind: Kind,
    status: i32,
    mark_seen: usize,
    events: Parser,
    body: Vec<u8>,
    told: Told,
}

#[derive(Default)]
struct Told {
    any: bool,
    /// The end mark was seen, an error was told, or the host wants no more.
    over: bool,
}

impl RawReply {
    /// `streamed`: the request asked for a stream.
    pub fn new(streamed: bool) -> RawReply {
        RawReply {
            streamed,
            declared_events: false,
            kind: Kind::Undecided,
            status: 0,
            mark_seen: 0,
            events: Parser::new(EVENT_LIMIT),
            body: Vec::new(),
            told: Told::default(),
        }
    }

    pub fn head(&mut self, head: &Head<'_>) -> Result<(), Fault> {
        self.status = head.status();
        let declared = head.headers().value("content-type").unwrap_or("").as_bytes();
        self.declared_events = declared.len() >= 17 && declared[..17].eq_ignore_ascii_case(b"text/event-stream");
        Ok(())
    }

    pub fn chunk(&mut self, piece: &[u8], sink: &mut Sink<'_>) -> Result<(), Fault> {
        let piece = if self.kind == Kind::Undecided { self.decide(piece) } else { piece };
        match self.kind {
            Kind::Undecided => Ok(()),
            Kind::Body if self.body.len() + piece.len() > BODY_LIMIT => Err(Error::protocol("the reply has more than 64 MiB").into()),
            Kind::Body => {
                self.body.extend_from_slice(piece);
                Ok(())
            }
            Kind::Events => {
                let (told, status) = (&mut self.told, self.status);
                settle(self.events.feed(piece, &mut |event| told.relay(event, status, sink)))
            }
        }
    }

    /// Emits what is left. No event at all is an ERROR of kind INVALID, a reply that was cut one of kind CUT, unless it had its end mark.
    pub fn finish(&mut self, how: Finish, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if how == Finish::Failed {
            return Ok(());
        }
        if how == Finish::Complete && self.kind == Kind::Body {
            sink.raw_bytes(&self.body, b"")?;
            return Ok(());
        }
        if how == Finish::Complete && self.kind == Kind::Events {
            let (told, status) = (&mut self.told, self.status);
            settle(self.events.finish(&mut |event| told.relay(event, status, sink)))?;
        }
        if self.told.over {
            return Ok(());
        }
        if how != Finish::Complete {
            sink.error(BELAY_FAILURE_CUT, self.status, &self.body)?;
        } else if !self.told.any {
            sink.error(BELAY_FAILURE_INVALID, self.status, b"")?;
        }
        Ok(())
    }

    /// What comes is told by what it looks like: servers answer a streamed request with a JSON object, and the other way round. A byte order
    /// mark and white space mean nothing in either.
    fn decide<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        for (at, &byte) in piece.iter().enumerate() {
            if self.mark_seen < MARK.len() && byte == MARK[self.mark_seen] {
                self.mark_seen += 1;
                continue;
            }
            if self.mark_seen == 0 {
                self.mark_seen = MARK.len();
            }
            if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                continue;
            }
            let json = byte == b'{' || byte == b'[';
            let events = !json && (self.declared_events || (self.streamed && byte != b'<'));
            self.kind = if events { Kind::Events } else { Kind::Body };
            return &piece[at..];
        }
        &[]
    }
}

impl Told {
    /// An event that is named `error` is one, even when its data does not look like it.
    fn relay(&mut self, event: Event<'_>, status: i32, sink: &mut Sink<'_>) -> bool {
        let data = trimmed(event.data);
        if data.is_empty() {
            return true; // a keep-alive
        }
        self.any = true;
        if event.name == b"error" {
            let _ = sink.error(BELAY_FAILURE_IN_REPLY, status, data);
            self.over = true;
        } else {
            self.over = sink.raw_bytes(data, event.name).is_err() || data == b"[DONE]";
        }
        !self.over
    }
}

fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = text {
        text = rest;
    }
    text
}

fn settle(fed: Result<(), TooLarge>) -> Result<(), Fault> {
    fed.map_err(|_| Error::protocol("an event of the stream has more than 16 MiB").into())
}
