// SPDX-License-Identifier: 0BSD
//! Memory for when there is none. Rust's collections abort the process when an allocation fails, and a plugin must not take its host along. An
//! allocation that fails is served from here; the call that needed it answers "out of memory" and what it made is dropped, which fills the reserve again.
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::ptr::{copy_nonoverlapping, null_mut};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const BYTES: usize = 256 << 10;

#[repr(align(64))]
struct Arena(UnsafeCell<[u8; BYTES]>);
unsafe impl Sync for Arena {}

static ARENA: Arena = Arena(UnsafeCell::new([0; BYTES]));
static LOCK: AtomicBool = AtomicBool::new(false);
static USED: AtomicUsize = AtomicUsize::new(0);
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// Something that was allocated when memory had run out is still in use.
pub(crate) fn in_use() -> bool {
    LIVE.load(Ordering::Relaxed) != 0
}

fn locked<T>(work: impl FnOnce() -> T) -> T {
    while LOCK.swap(true, Ordering::Acquire) {
        std::hint::spin_loop();
    }
    let out = work();
    LOCK.store(false, Ordering::Release);
    out
}

fn start() -> usize {
    ARENA.0.get() as usize
}

fn holds(at: *mut u8) -> bool {
    (start()..start() + BYTES).contains(&(at as usize))
}

fn take(layout: Layout) -> *mut u8 {
    locked(|| {
        let begin = (start() + USED.load(Ordering::Relaxed) + layout.align() - 1) & !(layout.align() - 1);
        let end = match begin.checked_add(layout.size()) {
            Some(end) if end <= start() + BYTES => end,
            _ => return null_mut(),
        };
        USED.store(end - start(), Ordering::Relaxed);
        LIVE.fetch_add(1, Ordering::Relaxed);
        begin as *mut u8
    })
}

fn give_back() {
    locked(|| {
        if LIVE.fetch_sub(1, Ordering::Relaxed) == 1 {
            USED.store(0, Ordering::Relaxed);
        }
    })
}

/// The system's allocator with the reserve behind it. `module!` makes it the plugin's.
pub struct Reserve;

unsafe impl GlobalAlloc for Reserve {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let at = unsafe { System.alloc(layout) };
        if at.is_null() {
            return take(layout);
        }
        at
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if holds(at) {
            give_back()
        } else {
            unsafe { System.dealloc(at, layout) }
        }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !holds(at) {
            let grown = unsafe { System.realloc(at, layout, size) };
            if !grown.is_null() {
                return grown;
            }
        }
        let to = take(unsafe { Layout::from_size_align_unchecked(size, layout.align()) });
        if !to.is_null() {
            unsafe { copy_nonoverlapping(at, to, layout.size().min(size)) };
            unsafe { self.dealloc(at, layout) };
        }
        to
    }
}
