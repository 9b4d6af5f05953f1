// SPDX-License-Identifier: 0BSD
//! The ELF note by which a host knows a plugin before it runs any of it; its bytes stand in `belay/entry.h`.
use crate::abi::*;

const HEAD: usize = 12 + 8; // three words, and the owner "BELAY" padded to eight
const WORDS: usize = 16;
const HASH: usize = 64;

/// In a section of its own, four-byte aligned as notes are.
#[repr(C, align(4))]
pub struct Note<const N: usize>(pub [u8; N]);

pub const fn note_size(json: &str) -> usize {
    HEAD + (WORDS + HASH + json.len() + 3) / 4 * 4
}

pub const fn note_bytes<const N: usize>(json: &str, min_host_minor: u32) -> [u8; N] {
    let mut out = [0u8; N];
    let draft = if BELAY_ABI_DRAFT != 0 { BELAY_PLUGIN_DRAFT } else { 0 };
    out = word(out, 0, 6);
    out = word(out, 4, (WORDS + HASH + json.len()) as u32);
    out = word(out, 8, BELAY_NOTE_TYPE as u32);
    out = copied(out, 12, BELAY_NOTE_OWNER.as_bytes());
    out = word(out, HEAD, BELAY_ABI_MAJOR);
    out = word(out, HEAD + 4, BELAY_ABI_MINOR);
    out = word(out, HEAD + 8, min_host_minor);
    out = word(out, HEAD + 12, draft);
    out = copied(out, HEAD + WORDS, BELAY_ABI_HASH.as_bytes());
    copied(out, HEAD + WORDS + HASH, json.as_bytes())
}

const fn word<const N: usize>(out: [u8; N], at: usize, value: u32) -> [u8; N] {
    copied(out, at, &value.to_le_bytes())
}

const fn copied<const N: usize>(mut out: [u8; N], at: usize, from: &[u8]) -> [u8; N] {
    let mut i = 0;
    while i < from.len() {
        out[at + i] = from[i];
        i += 1;
    }
    out
}
