// SPDX-License-Identifier: 0BSD
//! JSON by the host's `belay.json/1`.
use crate::abi::*;
use crate::text::{lend, view};
use std::ptr::{null, null_mut};

fn service() -> Option<&'static belay_json> {
    unsafe { crate::host::extension::<belay_json>(BELAY_JSON_ID) }
}

/// One parsed text.
pub struct Doc {
    json: &'static belay_json,
    raw: *mut belay_json_doc,
}

/// A value of a document.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    doc: &'a Doc,
    raw: belay_json_value,
}

impl Doc {
    /// None when the text is no JSON, or the host has no `belay.json/1`.
    pub fn parse(text: &[u8]) -> Option<Doc> {
        let json = service()?;
        let text = belay_str { ptr: text.as_ptr() as *const _, len: text.len() as u64 };
        let raw = unsafe { json.parse?(text, null_mut()) };
        if raw.is_null() {
            return None;
        }
        Some(Doc { json, raw })
    }

    /// What an RFC 6901 pointer leads to from the top: `/error/code`; "" is the whole.
    pub fn get(&self, pointer: &str) -> Option<Value<'_>> {
        self.find(null(), pointer)
    }

    fn find(&self, from: *const belay_json_value, pointer: &str) -> Option<Value<'_>> {
        let mut raw = blank();
        unsafe { self.json.get?(self.raw, from, lend(pointer), &mut raw) };
        known(self, raw)
    }
}

impl Drop for Doc {
    fn drop(&mut self) {
        if let Some(release) = self.json.release {
            unsafe { release(self.raw) }
        }
    }
}

impl<'a> Value<'a> {
    pub fn get(&self, pointer: &str) -> Option<Value<'a>> {
        self.doc.find(&self.raw, pointer)
    }
    pub fn as_str(&self) -> Option<&'a str> {
        (self.raw.r#type == BELAY_JSON_STRING).then(|| unsafe { view(self.raw.string) })
    }
    pub fn as_i64(&self) -> Option<i64> {
        (self.raw.r#type == BELAY_JSON_NUMBER).then_some(self.raw.integer)
    }
    pub fn as_bool(&self) -> Option<bool> {
        (self.raw.r#type == BELAY_JSON_BOOL).then_some(self.raw.integer != 0)
    }
    /// How many elements an array or object has.
    pub fn len(&self) -> usize {
        match self.raw.r#type {
            BELAY_JSON_ARRAY | BELAY_JSON_OBJECT => self.raw.integer as usize,
            _ => 0,
        }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The elements of an array or object, with their names.
    pub fn elements(&self) -> impl Iterator<Item = (&'a str, Value<'a>)> + '_ {
        (0..self.len()).filter_map(move |index| {
            let (mut name, mut raw) = (lend(""), blank());
            unsafe { self.doc.json.element?(self.doc.raw, &self.raw, index as u64, &mut name, &mut raw) };
            known(self.doc, raw).map(|value| (unsafe { view(name) }, value))
        })
    }
}

fn blank() -> belay_json_value {
    belay_json_value {
        size: std::mem::size_of::<belay_json_value>() as u32,
        r#type: BELAY_JSON_ABSENT,
        node: null(),
        string: lend(""),
        integer: 0,
        number: 0.0,
    }
}

/// An unknown type is like none (P6).
fn known(doc: &Doc, raw: belay_json_value) -> Option<Value<'_>> {
    (BELAY_JSON_NULL..=BELAY_JSON_OBJECT).contains(&raw.r#type).then_some(Value { doc, raw })
}

/// Writes one JSON value.
pub struct Writer {
    json: &'static belay_json,
    raw: *mut belay_json_writer,
}

impl Writer {
    pub fn new() -> Option<Writer> {
        let json = service()?;
        let raw = unsafe { json.writer?() };
        if raw.is_null() {
            return None;
        }
        Some(Writer { json, raw })
    }
    pub fn begin_object(&mut self) -> &mut Writer {
        self.call(self.json.begin, |f, to| unsafe { f(to, BELAY_JSON_OBJECT) })
    }
    pub fn begin_array(&mut self) -> &mut Writer {
        self.call(self.json.begin, |f, to| unsafe { f(to, BELAY_JSON_ARRAY) })
    }
    pub fn end(&mut self) -> &mut Writer {
        self.call(self.json.end, |f, to| unsafe { f(to) })
    }
    pub fn name(&mut self, name: &str) -> &mut Writer {
        self.call(self.json.name, |f, to| unsafe { f(to, lend(name)) })
    }
    pub fn string(&mut self, value: &str) -> &mut Writer {
        self.call(self.json.string, |f, to| unsafe { f(to, lend(value)) })
    }
    pub fn integer(&mut self, value: i64) -> &mut Writer {
        self.call(self.json.integer, |f, to| unsafe { f(to, value) })
    }
    pub fn real(&mut self, value: f64) -> &mut Writer {
        self.call(self.json.real, |f, to| unsafe { f(to, value) })
    }
    pub fn boolean(&mut self, value: bool) -> &mut Writer {
        self.call(self.json.boolean, |f, to| unsafe { f(to, i32::from(value)) })
    }
    pub fn null(&mut self) -> &mut Writer {
        self.call(self.json.null, |f, to| unsafe { f(to) })
    }
    /// One value, copied as it is.
    pub fn raw(&mut self, json: &str) -> &mut Writer {
        self.call(self.json.raw, |f, to| unsafe { f(to, lend(json)) })
    }
    /// None when it is not one whole value.
    pub fn text(&self) -> Option<&str> {
        let mut out = lend("");
        let status = unsafe { self.json.text?(self.raw, &mut out) };
        (status >= 0).then(|| unsafe { view(out) })
    }

    fn call<F>(&mut self, slot: Option<F>, put: impl FnOnce(F, *mut belay_json_writer)) -> &mut Writer {
        if let Some(slot) = slot {
            put(slot, self.raw);
        }
        self
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(release) = self.json.release_writer {
            unsafe { release(self.raw) }
        }
    }
}
