// SPDX-License-Identifier: 0BSD
//! Texts of the ABI and Rust's own.
use crate::abi::{belay_bytes, belay_str, belay_text};
use std::os::raw::c_char;

/// A text for the tables: `operations: &[belay::text("chat")]`.
pub const fn text(from: &'static str) -> belay_str {
    belay_str { ptr: from.as_ptr() as *const c_char, len: from.len() as u64 }
}

/// Lends a text for the length of a call.
pub(crate) fn lend(from: &str) -> belay_str {
    belay_str { ptr: from.as_ptr() as *const c_char, len: from.len() as u64 }
}

pub(crate) fn lend_bytes(from: &[u8]) -> belay_bytes {
    belay_bytes { ptr: from.as_ptr(), len: from.len() as u64 }
}

/// Bytes that the host lends; NULL is empty.
///
/// # Safety
/// `ptr` has `len` bytes for as long as `'a`, which is what the ABI says of every text and every piece during its call.
pub(crate) unsafe fn borrowed<'a>(ptr: *const u8, len: u64) -> &'a [u8] {
    if ptr.is_null() || len == 0 {
        return &[];
    }
    unsafe { std::slice::from_raw_parts(ptr, len as usize) }
}

/// A text that the host lends. The ABI says UTF-8 (P14); should it not be, it ends where it is none.
///
/// # Safety
/// As for [`borrowed`].
pub(crate) unsafe fn view<'a>(from: belay_str) -> &'a str {
    let bytes = unsafe { borrowed(from.ptr as *const u8, from.len) };
    match std::str::from_utf8(bytes) {
        Ok(whole) => whole,
        Err(fault) => std::str::from_utf8(&bytes[..fault.valid_up_to()]).unwrap_or(""),
    }
}

/// Writes a text into the room that the host has for it, cut on a character.
///
/// # Safety
/// `to.ptr` is NULL or has `to.cap` bytes.
pub(crate) unsafe fn put(to: &mut belay_text, from: &str) {
    if to.ptr.is_null() {
        return;
    }
    let mut len = from.len().min(to.cap as usize);
    while !from.is_char_boundary(len) {
        len -= 1;
    }
    unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), to.ptr as *mut u8, len) };
    to.len = len as u32;
}
