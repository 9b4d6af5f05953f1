// SPDX-License-Identifier: 0BSD
//! A provider in Rust: an upstream that speaks OpenAI's Chat Completions, streamed or not. Rename Acme, and change what is different at yours.
use belay::abi::*;
use belay::{About, Classification, Config, Error, Exchange, Failure, Fault, Finish, Head, Input, Provider, RawReply, Reason, Result, Sink, Writer};

struct Acme {
    url: String,
}

impl Provider for Acme {
    const ABOUT: About = About {
        kind: "acme",
        name: "Acme",
        vendor: "Example",
        version: env!("CARGO_PKG_VERSION"),
        license: "0BSD",
        caps: BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_KEYLESS,
        wires: &[belay::text("openai.chat/1")],
        credential_types: &[belay::text("api_key"), belay::text("oauth2"), belay::text("exec")],
        ..About::BLANK
    };
    type Exchange = Call;

    fn create(config: &Config<'_>) -> Result<Acme> {
        if config.base_url().is_empty() {
            return Err(Error::config("base_url is missing; right would be \"https://api.acme.example/v1\""));
        }
        Ok(Acme { url: format!("{}/chat/completions", config.base_url()) })
    }

    fn begin(&self, input: &Input<'_>) -> Result<Call> {
        if input.request.operation() != "chat" {
            return Err(Error::unsupported("acme answers chat only"));
        }
        if input.request.wire() != "openai.chat/1" {
            return Err(Error::unsupported("acme takes openai.chat/1 only"));
        }
        Ok(Call { reply: RawReply::new(input.request.stream()) })
    }

    /// Says what only this upstream's words mean; what stays unknown is read by the host, which knows statuses and OpenAI's words.
    fn classify_error(&self, failure: &Failure<'_>) -> Classification {
        let mut out = Classification::default();
        if let Some(body) = belay::json::Doc::parse(failure.body()) {
            let at = |pointer| body.get(pointer).and_then(|value| value.as_str()).unwrap_or("");
            if at("/error/code") == "acme_out_of_credits" {
                out.reason = Reason::QuotaExhausted;
            }
            out.message = at("/error/message").to_string();
        }
        out
    }
}

/// One HTTP exchange.
struct Call {
    reply: RawReply,
}

impl Exchange<Acme> for Call {
    fn build_request(&mut self, acme: &Acme, input: &Input<'_>, writer: &mut Writer<'_>) -> Result<()> {
        writer.line("POST", &acme.url)?;
        writer.header("content-type", "application/json")?;
        if let Some(credential) = input.credential {
            writer.secret_header("authorization", &format!("Bearer {}", credential.secret()?))?;
        }
        writer.body_as_given() // the caller's own body, since upstream speaks the same wire
    }
    fn on_response_head(&mut self, head: &Head<'_>, _: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        self.reply.head(head)
    }
    fn on_body_chunk(&mut self, piece: &[u8], sink: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        self.reply.chunk(piece, sink)
    }
    fn finish(&mut self, how: Finish, sink: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        self.reply.finish(how, sink)
    }
}

belay::module! { id: "org.example.acme", version: env!("CARGO_PKG_VERSION"), name: "Acme", vendor: "Example", providers: { "acme" => Acme } }
