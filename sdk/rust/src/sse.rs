// SPDX-License-Identifier: 0BSD
//! Server-sent events out of pieces that are cut anywhere.

/// What `Parser::feed` hands over: the event's name ("" when it has none) and its data.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    pub name: &'a [u8],
    pub data: &'a [u8],
}

/// An event or a line of it is larger than the parser was told to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

pub struct Parser {
    limit: usize,
    line: Vec<u8>,
    data: Vec<u8>,
    name: Vec<u8>,
    any_data: bool,
    after_cr: bool,
    stopped: bool,
}

impl Parser {
    pub fn new(limit: usize) -> Parser {
        Parser { limit, line: Vec::new(), data: Vec::new(), name: Vec::new(), any_data: false, after_cr: false, stopped: false }
    }

    /// Calls `on_event` for each event that `piece` completes, until it says false; what comes after that counts for nothing.
    pub fn feed(&mut self, mut piece: &[u8], on_event: &mut dyn FnMut(Event<'_>) -> bool) -> Result<(), TooLarge> {
        while !piece.is_empty() && !self.stopped {
            if self.after_cr && piece[0] == b'\n' {
                piece = &piece[1..];
                self.after_cr = false;
                continue;
            }
            self.after_cr = false;
            match piece.iter().position(|&byte| byte == b'\n' || byte == b'\r') {
                None => return self.keep(piece),
                Some(end) => {
                    self.after_cr = piece[end] == b'\r';
                    self.line_ends(&piece[..end], on_event)?;
                    piece = &piece[end + 1..];
                }
            }
        }
        Ok(())
    }

    /// The reply ended: dispatches what is complete but for its line end or blank line.
    pub fn finish(&mut self, on_event: &mut dyn FnMut(Event<'_>) -> bool) -> Result<(), TooLarge> {
        if !self.stopped && !self.line.is_empty() {
            self.line_ends(&[], on_event)?;
        }
        if !self.stopped {
            self.dispatch(on_event);
        }
        Ok(())
    }

    fn keep(&mut self, piece: &[u8]) -> Result<(), TooLarge> {
        if self.line.len() + piece.len() + self.data.len() > self.limit {
            self.stopped = true;
            return Err(TooLarge);
        }
        self.line.extend_from_slice(piece);
        Ok(())
    }

    fn line_ends(&mut self, rest: &[u8], on_event: &mut dyn FnMut(Event<'_>) -> bool) -> Result<(), TooLarge> {
        if self.line.is_empty() {
            if rest.is_empty() {
                self.dispatch(on_event);
                return Ok(());
            }
            return self.field(rest);
        }
        self.keep(rest)?;
        let mut line = std::mem::take(&mut self.line);
        let taken = self.field(&line);
        line.clear();
        self.line = line; // its room is used again
        taken
    }

    fn field(&mut self, line: &[u8]) -> Result<(), TooLarge> {
        let (name, value) = match line.iter().position(|&byte| byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        if name == b"data" {
            if self.data.len() + value.len() > self.limit {
                self.stopped = true;
                return Err(TooLarge);
            }
            if self.any_data {
                self.data.push(b'\n');
            }
            self.any_data = true;
            self.data.extend_from_slice(value);
        } else if name == b"event" {
            self.name.clear();
            self.name.extend_from_slice(value);
        }
        Ok(())
    }

    fn dispatch(&mut self, on_event: &mut dyn FnMut(Event<'_>) -> bool) {
        if self.any_data {
            self.stopped = !on_event(Event { name: &self.name, data: &self.data });
        }
        self.any_data = false;
        self.data.clear();
        self.name.clear();
    }
}
