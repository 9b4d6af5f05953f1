// SPDX-License-Identifier: 0BSD
//! What the host lends, as views: they live as long as the call that got them.
use crate::abi::*;
use crate::text::{borrowed, view};
use std::marker::PhantomData;

macro_rules! lent {
    ($(#[$about:meta])* $name:ident, $raw:ty) => {
        $(#[$about])*
        #[derive(Clone, Copy)]
        pub struct $name<'a> {
            pub(crate) raw: &'a $raw,
        }
        impl<'a> $name<'a> {
            /// # Safety
            /// `raw` is one that the host lends for `'a`, or NULL.
            pub(crate) unsafe fn lent(raw: *const $raw) -> Option<$name<'a>> {
                unsafe { raw.as_ref() }.map(|raw| $name { raw })
            }
            /// The struct itself, for what has no function here.
            pub fn raw(&self) -> &'a $raw {
                self.raw
            }
        }
    };
}

lent!(
    /// What an instance is made of: belay_config.
    Config, belay_config
);
lent!(
    /// The request of one attempt: belay_request.
    Request, belay_request
);
lent!(
    /// One credential at one generation: belay_credential.
    Credential, belay_credential
);
lent!(
    /// The head of a 2xx reply: belay_head.
    Head, belay_head
);
lent!(
    /// What became of an attempt: belay_failure.
    Failure, belay_failure
);
lent!(
    /// What is to be refreshed, and why: belay_refresh_in.
    Refresh, belay_refresh_in
);

// SAFETY of every `view` and `borrowed` below: texts of a lent struct live as long as the struct (P12).

impl<'a> Config<'a> {
    /// `[provider.NAME]`
    pub fn name(&self) -> &'a str {
        unsafe { view(self.raw.name) }
    }
    /// Without a trailing slash; empty: none configured.
    pub fn base_url(&self) -> &'a str {
        unsafe { view(self.raw.base_url) }
    }
    /// A JSON object, already valid against `About::config_schema`.
    pub fn options(&self) -> &'a str {
        unsafe { view(self.raw.options) }
    }
    /// The default model; may be empty.
    pub fn model(&self) -> &'a str {
        unsafe { view(self.raw.model) }
    }
}

impl<'a> Request<'a> {
    /// "chat", "embeddings", "models"
    pub fn operation(&self) -> &'a str {
        unsafe { view(self.raw.operation) }
    }
    /// Of the body: one of `About::wires`, or "" for canonical JSON of the operation.
    pub fn wire(&self) -> &'a str {
        unsafe { view(self.raw.wire) }
    }
    pub fn model(&self) -> &'a str {
        unsafe { view(self.raw.model) }
    }
    pub fn body(&self) -> &'a str {
        unsafe { view(self.raw.body) }
    }
    pub fn request_id(&self) -> &'a str {
        unsafe { view(self.raw.request_id) }
    }
    /// The caller wants events as they come.
    pub fn stream(&self) -> bool {
        self.raw.flags & BELAY_REQUEST_STREAM != 0
    }
    /// The top-level members of the body, in order: name and value as written.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (at, stride) = (self.raw.members as *const u8, self.raw.member_stride as usize);
        (0..self.raw.member_count as usize).map(move |i| {
            let member = unsafe { &*(at.add(i * stride) as *const belay_member) };
            unsafe { (view(member.name), view(member.value)) }
        })
    }
    /// A top-level member's value as written.
    pub fn member(&self, name: &str) -> Option<&'a str> {
        self.members().find(|member| member.0 == name).map(|member| member.1)
    }
    /// Names of members that must not be ignored; for one that you don't know, `begin` answers `Error::unsupported`.
    pub fn required(&self) -> impl Iterator<Item = &'a str> {
        let at = self.raw.required;
        (0..self.raw.required_count as usize).map(move |i| unsafe { view(*at.add(i)) })
    }
}

/// Names and values: headers (names in lower case), fields of a credential.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    raw: belay_fields,
    lent: PhantomData<&'a belay_field>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(raw: belay_fields) -> Fields<'a> {
        Fields { raw, lent: PhantomData }
    }
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (at, stride) = (self.raw.at as *const u8, self.raw.stride as usize);
        (0..self.raw.count as usize).map(move |i| {
            let field = unsafe { &*(at.add(i * stride) as *const belay_field) };
            unsafe { (view(field.name), view(field.value)) }
        })
    }
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|field| field.0 == name).map(|field| field.1)
    }
}

impl<'a> Credential<'a> {
    pub fn id(&self) -> &'a str {
        unsafe { view(self.raw.id) }
    }
    /// "api_key", "oauth2", "exec" or one of `About::credential_types`.
    pub fn kind(&self) -> &'a str {
        unsafe { view(self.raw.r#type) }
    }
    pub fn fields(&self) -> Fields<'a> {
        Fields::of(self.raw.fields)
    }
    /// The field "secret", which the simple types have.
    pub fn secret(&self) -> crate::Result<&'a str> {
        self.fields().value("secret").ok_or_else(|| crate::Error::credential("the credential has no field \"secret\""))
    }
}

impl<'a> Head<'a> {
    pub fn status(&self) -> i32 {
        self.raw.status
    }
    pub fn headers(&self) -> Fields<'a> {
        Fields::of(self.raw.headers)
    }
}

impl<'a> Failure<'a> {
    /// BELAY_FAILURE_...; for an unknown one answer `Reason::Unknown`.
    pub fn kind(&self) -> u32 {
        self.raw.kind
    }
    /// HTTP status; 0: none.
    pub fn status(&self) -> i32 {
        self.raw.status
    }
    pub fn headers(&self) -> Fields<'a> {
        Fields::of(self.raw.headers)
    }
    pub fn body(&self) -> &'a [u8] {
        unsafe { borrowed(self.raw.body.ptr, self.raw.body.len) }
    }
    /// Of an error inside a reply, where the plugin told them; else empty.
    pub fn code(&self) -> &'a str {
        unsafe { view(self.raw.code) }
    }
    pub fn message(&self) -> &'a str {
        unsafe { view(self.raw.message) }
    }
}

impl<'a> Refresh<'a> {
    /// BELAY_CAUSE_...; an unknown one is BELAY_CAUSE_REJECTED.
    pub fn cause(&self) -> u32 {
        self.raw.cause
    }
    pub fn kind(&self) -> &'a str {
        unsafe { view(self.raw.r#type) }
    }
    /// All of the credential: tokens, refresh token, plain settings such as token_url.
    pub fn fields(&self) -> Fields<'a> {
        Fields::of(self.raw.fields)
    }
    pub fn failure(&self) -> Option<Failure<'a>> {
        unsafe { Failure::lent(self.raw.failure) }
    }
    /// On `mono_ns`'s clock; return before it.
    pub fn deadline_ns(&self) -> i64 {
        self.raw.deadline_ns
    }
    pub fn cancelled(&self) -> bool {
        crate::host::cancelled(self.raw.cancel)
    }
}
