//! A provider that panics wherever it is told to: by the word in the base URL.
use belay::{About, Classification, Config, Exchange, Failure, Fault, FieldSink, Finish, Head, Input, Provider, Refresh, Refreshed, Result, Sink, Writer};

struct Panics(String);
struct Call(String);
struct Odd;

impl Panics {
    fn here(&self, place: &str) {
        spring(&self.0, place)
    }
}

fn spring(told: &str, place: &str) {
    if told == "odd" && place == "build_request" {
        std::panic::panic_any(Odd); // neither a text nor anything else that the barrier knows
    }
    if told == place {
        panic!("a bug in {}", place);
    }
}

impl Drop for Odd {
    fn drop(&mut self) {
        panic!("and once more when it is dropped");
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        self.here("destroy")
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        spring(&self.0, "end")
    }
}

impl Provider for Panics {
    const ABOUT: About = About { kind: "panics", name: "Panics", vendor: "tests", version: "0.1.0", license: "0BSD", ..About::BLANK };
    type Exchange = Call;

    fn create(config: &Config<'_>) -> Result<Panics> {
        spring(config.base_url(), "create");
        Ok(Panics(config.base_url().to_string()))
    }
    fn begin(&self, _: &Input<'_>) -> Result<Call> {
        self.here("begin");
        Ok(Call(self.0.clone()))
    }
    fn classify_error(&self, _: &Failure<'_>) -> Classification {
        self.here("classify_error");
        Classification::default()
    }
    fn refresh_credentials(&self, asked: &Refresh<'_>, sink: &mut FieldSink<'_>) -> Result<Refreshed> {
        self.here("refresh_credentials");
        belay::default_refresh(asked, sink)
    }
}

impl Exchange<Panics> for Call {
    fn build_request(&mut self, _: &Panics, _: &Input<'_>, writer: &mut Writer<'_>) -> Result<()> {
        spring(&self.0, "build_request");
        writer.line("POST", "https://api.example/v1")
    }
    fn on_response_head(&mut self, _: &Head<'_>, _: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        spring(&self.0, "on_response_head");
        Ok(())
    }
    fn on_body_chunk(&mut self, _: &[u8], _: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        spring(&self.0, "on_body_chunk");
        Ok(())
    }
    fn finish(&mut self, _: Finish, _: &mut Sink<'_>) -> std::result::Result<(), Fault> {
        spring(&self.0, "finish");
        Ok(())
    }
}

belay::module! { id: "test.panics", version: "0.1.0", name: "Panics", vendor: "tests", providers: { "panics" => Panics } }
