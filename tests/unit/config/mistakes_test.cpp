// What a person reads after a mistake: file:line:column: key: what is wrong (what would be right). One line of input, one exact answer.
#include <gmock/gmock.h>

#include "world.hpp"

namespace belay::config {
namespace {

using testing::ElementsAre;

struct Mistake {
  std::string text;
  std::string answer;
};

/// Names the mistake in a failure.
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.text; }

/// Two providers and a route that every case may lean on; the case stands in line 1.
constexpr auto rest = "\nprovider.main.plugin = \"openai\"\nprovider.spare.plugin = \"openai\"\nroute.sound.targets = [\"main\"]\n";

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreExplained) {
  World world;
  EXPECT_THAT(texts(world.load(GetParam().text + rest).errors), ElementsAre("belay.toml:1:" + GetParam().answer));
}

const Mistake at_the_root[] = {
    {"providers.x.plugin = 'openai'", "1: providers: unknown key (did you mean \"provider\"?)"},
    {"logging = 1", "1: logging: unknown key (known here are auto, gateway, holds, host, include, plugins, provider or route)"},
    {"host = 1", "8: host: must be a table, not an integer ([host])"},
    {"holds = []", "9: holds: must be a table, not an array ([holds])"},
    {"plugins = 'x'", "11: plugins: must be a table, not a string ([plugins.TYPE])"},
};

const Mistake in_host[] = {
    {"host.stat = 'memory:'", "6: host.stat: unknown key (did you mean \"state\"?)"},
    {"host.state = 'memory'", "14: host.state: is not a kind of state (memory: or file:DIR)"},
    {"host.state = 'file:'", "14: host.state: names no folder (file:/var/lib/belay)"},
    {"host.state = ''", "14: host.state: is empty (memory: or file:DIR)"},
    {"host.trust = 'packged'", "14: host.trust: unknown word \"packged\" (did you mean \"packaged\"?)"},
    {"host.trust = 'none of it'", "14: host.trust: unknown word \"none of it\" (known are any, packaged, listed or signed)"},
    {"host.trust = true", "14: host.trust: must be a string, not a boolean (any, packaged, listed or signed)"},
    {"host.plugin_dirs = '/x'", "20: host.plugin_dirs: must be an array of strings, not a string (plugin_dirs = [\"/usr/lib/belay/plugins\"])"},
    {"host.plugin_dirs = ['/x', 1]", "27: host.plugin_dirs: must hold strings, not an integer (plugin_dirs = [\"/usr/lib/belay/plugins\"])"},
    {"host.state_key = 1",
     "18: host.state_key: must be a string that says where the secret is, not an integer (env:NAME, file:PATH, file:PATH#/json/pointer, exec:COMMAND, "
     "keyring:SERVICE/ACCOUNT or literal:VALUE)"},
    {"plugins.OpenAI.enabled = true", "9: plugins.OpenAI: is not a provider type (small letters, digits and '-', beginning with a letter)"},
    {"plugins.openai.enabled = 'yes'", "26: plugins.openai.enabled: must be a boolean, not a string (true or false, without quotes)"},
    {"plugins.openai.sha256 = ['abc']", "26: plugins.openai.sha256: is not a SHA-256 (64 hexadecimal digits, as `sha256sum FILE` prints them)"},
};

const Mistake in_provider[] = {
    {"provider.p.model = 'm'", "10: provider.p.plugin: is missing (plugin = \"openai\" or another provider type, or a preset)"},
    {"provider.p.plugin = 'Open AI'",
     "21: provider.p.plugin: \"Open AI\" is not a provider type (small letters, digits and '-', beginning with a letter)"},
    {"provider.\"a/b\".plugin = 'x'", "10: provider.\"a/b\": is not a provider's name (letters, digits, '.', '_' and '-', at most 64 of them)"},
    {"provider.auto.plugin = 'x'", "10: provider.auto: is the name of the built-in route (another name)"},
    {"provider.main.base-url = 'https://x'", "15: provider.main.base-url: unknown key (did you mean \"base_url\"?)"},
    {"provider.main.base_url = 'x.example'",
     "26: provider.main.base_url: not a usable URL: it has no scheme (write http:// or https://) (base_url = \"https://HOST/v1\")"},
    {"provider.main.base_url = 'https://x/v1?api-version=1'",
     "26: provider.main.base_url: ends in a query or fragment, but paths are added to it (the part before it; a query belongs into "
     "[provider.NAME.options])"},
    {"provider.main.base_url = 7", "26: provider.main.base_url: must be a string, not an integer (base_url = \"https://HOST/v1\")"},
    {"provider.main.cost = 'metred'", "22: provider.main.cost: unknown word \"metred\" (did you mean \"metered\"?)"},
    {"provider.main.zone = 'the moon'", "22: provider.main.zone: \"the moon\" is more than one word (one word, such as \"eu\")"},
    {"provider.main.strategy = 'robin'",
     "26: provider.main.strategy: unknown word \"robin\" (known are fill_first, round_robin, least_used or random)"},
    {"provider.main.models = ['m']",
     "24: provider.main.models: must be a table, not an array (models = { \"NAME\" = { context = 200000, vision = true } })"},
    {"provider.main.models.m.contxt = 1", "24: provider.main.models.m.contxt: unknown key (did you mean \"context\"?)"},
    {"provider.main.models.m.context = 0", "34: provider.main.models.m.context: 0 is out of range (a whole number from 1 to 1000000000)"},
    {"provider.main.models.\"v/m\".vision = 1", "37: provider.main.models.\"v/m\".vision: must be a boolean, not an integer (true or false, without quotes)"},
    {"provider.main.options.since = 2026-01-01", "31: provider.main.options.since: a date has no JSON form (a string in quotes)"},
    {"provider.main.options.x = [1.0, inf]", "33: provider.main.options.x: inf and nan have no JSON form (a finite number)"},
    {"provider.main.preset = 'nothing'", "24: provider.main.preset: unknown preset \"nothing\" (no presets are installed beside the program)"},
    {"provider.main.headers = { 'X Y' = 'v' }", "35: provider.main.headers.\"X Y\": is not a legal header name (letters, digits and '-')"},
    {"provider.main.headers = { A = \"x\\r\\nB: y\" }",
     "31: provider.main.headers.A: holds a character that is not legal in a header (printable ASCII)"},
    {"provider.main.headers = { A = 1 }", "31: provider.main.headers.A: must be a string, not an integer (headers = { \"X-Team\" = \"tools\" })"},
    {"provider.main.headers = { A = 'x', a = 'y' }",
     "40: provider.main.headers.a: is given twice, in two spellings (one of them; case does not matter in header names)"},
    {"provider.main.headers = { Host = 'x' }", "34: provider.main.headers.Host: is a header that belay decides itself (base_url names the host)"},
    {"provider.main.proxy = 'proxy:3128'",
     "23: provider.main.proxy: is not a proxy (\"http://HOST:PORT\", \"https://...\", \"socks5h://...\" or \"none\" for a direct connection)"},
};

const Mistake in_credential[] = {
    {"provider.p = { plugin = 'x', credential = { id = 'a' } }",
     "43: provider.p.credential: must be an array of tables, not a table ([[provider.NAME.credential]], with double brackets)"},
    {"provider.p = { plugin = 'x', credential = [{ type = 'api_key', source = 'env:K' }] }",
     "44: provider.p.credential.id: is missing (id = \"main\")"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', source = 'env:K' }] }",
     "44: provider.p.credential.type: is missing (type = \"api_key\", \"oauth2\" or \"exec\")"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'api_key' }] }",
     "44: provider.p.credential.source: is missing (source = \"env:NAME\" or another source)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a b', type = 'api_key', source = 'env:K' }] }",
     "51: provider.p.credential.id: \"a b\" is not a name (letters, digits, '.', '_' and '-', at most 64 of them)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'api_key', source = 'env:K' }, { id = 'a', type = 'api_key', source = 'env:L' }] }",
     "101: provider.p.credential.id: \"a\" is the id of another credential of this provider (a different id)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'api_key', source = 'sk-123' }] }",
     "83: provider.p.credential.source: not a source; write env:NAME, file:PATH, file:PATH#/json/pointer, exec:COMMAND, keyring:SERVICE/ACCOUNT or "
     "literal:VALUE"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'api_key', sorce = 'env:K', source = 'env:K' }] }",
     "74: provider.p.credential.sorce: unknown key (did you mean \"source\"?)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'oauth2', token_url = 'https://a/t', client_id = 'c' }] }",
     "44: provider.p.credential.refresh_token: is missing (refresh_token = \"env:NAME\" or another source)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'oauth2', token_url = 'a/t', client_id = 'c', refresh_token = 'env:R' }] }",
     "85: provider.p.credential.token_url: not a usable URL: it has no scheme (write http:// or https://) (token_url = \"https://HOST/token\")"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'exec' }] }",
     "44: provider.p.credential.command: is missing (command = \"a program that prints the token\")"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'exec', source = 'env:K' }] }",
     "80: provider.p.credential.source: is not a command (command = \"a program that prints the token\")"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'exec', command = 'x', source = 'exec:x' }] }",
     "95: provider.p.credential.source: says again what command says (one of the two)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'google', project = 1 }] }",
     "83: provider.p.credential.project: must be a string, not an integer (every field of a credential is one)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'api_key', source = 'env:K', write_back = true }] }",
     "105: provider.p.credential.write_back: there is no file to write to (give a file: source, or leave write_back out)"},
    {"provider.p = { plugin = 'x', credential = [{ id = 'a', type = 'api_key', source = 'env:K', allow_origins = ['https://a.example/path'] }] }",
     "109: provider.p.credential.allow_origins: is not an origin (\"https://HOST\", \"https://HOST:PORT\" or \"https://*.DOMAIN\")"},
};

const Mistake in_route[] = {
    {"route.r.deadline = '1s'", "7: route.r.targets: is missing (targets = [\"PROVIDER\", \"PROVIDER/MODEL\"])"},
    {"route.r.targets = []", "19: route.r.targets: is empty, so the route can answer nothing (targets = [\"PROVIDER\", \"PROVIDER/MODEL\"])"},
    {"route.r.targets = 'main'", "19: route.r.targets: must be an array, not a string (targets = [\"PROVIDER\", \"PROVIDER/MODEL\"])"},
    {"route.r.targets = [1]",
     "20: route.r.targets: must be a string or a table, not an integer (\"PROVIDER\", \"PROVIDER/MODEL\" or { target = \"PROVIDER/MODEL\", on = "
     "[\"capacity\"] })"},
    {"route.r.targets = ['mian/m']", "20: route.r.targets: unknown provider \"mian\" (did you mean \"main\"?)"},
    {"route.r.targets = ['nobody']", "20: route.r.targets: unknown provider \"nobody\" (known are main or spare)"},
    {"route.r.targets = ['main/']",
     "20: route.r.targets: \"main/\" is not a target (\"PROVIDER\", \"PROVIDER/MODEL\" or { target = \"PROVIDER/MODEL\", on = [\"capacity\"] })"},
    {"route.r.targets = [{ target = 'main', on = ['any'] }]",
     "44: route.r.targets.on: the first target opens for every call, so it can name no reasons (take `on` out, or put another target before it)"},
    {"route.r.targets = ['main', { target = 'spare', on = ['capcity'] }]",
     "54: route.r.targets.on: unknown reason \"capcity\" (did you mean \"capacity\"?)"},
    {"route.r.targets = ['main', { target = 'spare', on = ['money'] }]",
     "54: route.r.targets.on: unknown reason \"money\" (a group (auth, capacity, transport, model or any) or a reason such as quota_exhausted)"},
    {"route.r.targets = ['main', { target = 'spare', on = [] }]",
     "53: route.r.targets.on: names no reason, so the target would never open (take `on` out to open for every reason)"},
    {"route.r.targets = ['main', { on = ['any'] }]", "28: route.r.targets.target: is missing (target = \"PROVIDER/MODEL\")"},
    {"route.r.targets = ['main', { target = 'spare', if = ['any'] }]", "48: route.r.targets.if: unknown key (known here are on or target)"},
    {"route.main.targets = ['main']",
     "7: route.main: is the name of a provider too, and a model's name must mean one thing (another name for the route)"},
    {"route.auto.targets = ['main']", "7: route.auto: is built in (order it with [auto] providers = [...], or choose another name)"},
    {"route.\"\".targets = ['main']", "7: route.\"\": is not a route's name (letters, digits, '.', '_' and '-', at most 64 of them)"},
    {"route.r = { targets = ['main'], dedline = '1s' }", "33: route.r.dedline: unknown key (did you mean \"deadline\"?)"},
    {"route.r = { targets = ['main'], deadline = 300 }",
     "44: route.r.deadline: must be a string, not an integer (a number with a unit: \"250ms\", \"10s\", \"5m\", \"1h\" or \"2d\")"},
    {"route.r = { targets = ['main'], deadline = '5 minutes' }",
     "44: route.r.deadline: \"5 minutes\" is not a duration (a number with a unit: \"250ms\", \"10s\", \"5m\", \"1h\" or \"2d\")"},
    {"route.r = { targets = ['main'], deadline = '0s' }",
     "44: route.r.deadline: must be longer than 0 (a number with a unit: \"250ms\", \"10s\", \"5m\", \"1h\" or \"2d\")"},
    {"route.r = { targets = ['main'], backoff = '9s' }",
     "43: route.r.backoff: is longer than the longest wait (at most \"8s\": it is the first wait, and later ones double up to 8 s)"},
    {"route.r = { targets = ['main'], transient_retries = -1 }",
     "53: route.r.transient_retries: -1 is out of range (a whole number from 0 to 100)"},
    {"route.r = { targets = ['main'], max_concurrency = 0 }",
     "51: route.r.max_concurrency: 0 is out of range (a whole number from 1 to 1000000)"},
    {"route.r = { targets = ['main'], requires = ['eyes'] }",
     "45: route.r.requires: unknown word \"eyes\" (known are tools, vision, json_schema, reasoning or embeddings)"},
    {"route.r = { targets = ['main'], allow_cost = ['fre'] }", "47: route.r.allow_cost: unknown word \"fre\" (did you mean \"free\"?)"},
    {"route.r = { targets = ['main'], allow_cost = [] }",
     "46: route.r.allow_cost: is empty, which allows nothing (leave it out to allow everything)"},
    {"route.r = { targets = ['main'], params = { stream = true } }",
     "53: route.r.params.stream: is decided for every call, not by a route (take it out)"},
    {"route.r = { targets = ['main'], params = { t = 2026-01-01 } }", "48: route.r.params.t: a date has no JSON form (a string in quotes)"},
    {"route.r = { targets = ['main'], on = { content_refusd = 'give_up' } }",
     "40: route.r.on.content_refusd: unknown reason (did you mean \"content_refused\"?)"},
    {"route.r = { targets = ['main'], on = { capacity = 'give_up' } }", "40: route.r.on.capacity: is a group of reasons (name each reason of it)"},
    {"route.r = { targets = ['main'], on = { cancelled = 'next_target' } }", "40: route.r.on.cancelled: always ends the call (take it out)"},
    {"route.r = { targets = ['main'], on = { bad_request = 'retry' } }",
     "54: route.r.on.bad_request: unknown word \"retry\" (known are next_target or give_up)"},
    {"auto.providers = ['mian']", "19: auto.providers: unknown provider \"mian\" (did you mean \"main\"?)"},
    {"auto.providers = ['main', 'main']", "27: auto.providers: \"main\" is listed twice (take one out)"},
    {"auto.providers = []", "18: auto.providers: is empty, so the route auto can answer nothing (take [auto] out for all providers in their order)"},
    {"auto.order = ['main']", "6: auto.order: unknown key (known here are providers)"},
    {"holds.quota = '10 m'", "15: holds.quota: \"10 m\" is not a duration (a number with a unit: \"250ms\", \"10s\", \"5m\", \"1h\" or \"2d\")"},
    {"holds.autth = '1s'", "7: holds.autth: unknown key (did you mean \"auth\"?)"},
};

const Mistake in_gateway[] = {
    {"gateway.listen = '127.0.0.1'",
     "18: gateway.listen: \"127.0.0.1\" is not an address to listen on (\"127.0.0.1:7077\", \"[::1]:7077\" or \"unix:/run/belay/belay.sock\")"},
    {"gateway.listen = '127.0.0.1:65536'",
     "18: gateway.listen: \"127.0.0.1:65536\" is not an address to listen on (\"127.0.0.1:7077\", \"[::1]:7077\" or \"unix:/run/belay/belay.sock\")"},
    {"gateway.listen = 'unix:relative'",
     "18: gateway.listen: \"unix:relative\" is not an address to listen on (\"127.0.0.1:7077\", \"[::1]:7077\" or \"unix:/run/belay/belay.sock\")"},
    {"gateway.listen = []", "18: gateway.listen: is empty (\"127.0.0.1:7077\", \"[::1]:7077\" or \"unix:/run/belay/belay.sock\")"},
    {"gateway.keys = [{ name = 'ci', sha256 = 'abc' }]",
     "41: gateway.keys.sha256: is not the SHA-256 of a key (64 hexadecimal digits: printf %s KEY | sha256sum)"},
    {"gateway.keys = [{ name = 'ci' }]", "17: gateway.keys.sha256: is missing (64 hexadecimal digits: printf %s KEY | sha256sum)"},
    {"gateway.keys = [{ name = 'ci', sha256 = '0123456789012345678901234567890123456789012345678901234567890123', routes = ['sonud'] }]",
     "119: gateway.keys.routes: unknown route \"sonud\" (did you mean \"sound\"?)"},
    {"gateway.port = 80", "9: gateway.port: unknown key (known here are access_log, budgets, drain_timeout, hosts, idle_timeout, keep_alive_interval, keys, listen, "
     "max_body_bytes, max_connections, origins, otlp, tls, traces, watch or workers)"},
    {"gateway.budgets = [{ route = 'sonud', requests = 1, per = '1h' }]", 
     "30: gateway.budgets.route: unknown route \"sonud\" (did you mean \"sound\"?)"},
    {"gateway.budgets = [{ route = 'auto', requests = 1 }]", 
     "20: gateway.budgets.per: is missing (per = \"1h\")"},
    {"gateway.budgets = [{ route = 'auto', per = '1h' }]", 
     "20: gateway.budgets.requests: is missing (requests = 1000, or tokens = 2000000)"},
    {"gateway.access_log = 'here'", 
     "22: gateway.access_log: \"here\" is no place for a log (\"off\", \"stderr\", \"stdout\" or the whole path of a file)"},
    {"gateway.origins = ['https://a.example/b']", 
     "20: gateway.origins: \"https://a.example/b\" is not a web origin (scheme, host and port without a path: \"https://tools.example.com\")"},
    {"gateway.otlp.endpoint = '127.0.0.1:4318'", 
     "25: gateway.otlp.endpoint: \"127.0.0.1:4318\" is not an http or https URL (endpoint = \"http://127.0.0.1:4318\")"},
    {"gateway.tls = { certificate = '/' }", 
     "9: gateway.tls.key: is missing (key = \"/etc/belay/tls.key\")"},
    {"gateway.keys = [{ name = 'ci', sha256 = '0123456789012345678901234567890123456789012345678901234567890123', max_concurrency = 0 }]", 
     "127: gateway.keys.max_concurrency: 0 is out of range (a whole number from 1 to 1000000000000)"},
};

INSTANTIATE_TEST_SUITE_P(AtTheRoot, Mistakes, testing::ValuesIn(at_the_root));
INSTANTIATE_TEST_SUITE_P(InHost, Mistakes, testing::ValuesIn(in_host));
INSTANTIATE_TEST_SUITE_P(InProvider, Mistakes, testing::ValuesIn(in_provider));
INSTANTIATE_TEST_SUITE_P(InCredential, Mistakes, testing::ValuesIn(in_credential));
INSTANTIATE_TEST_SUITE_P(InRoute, Mistakes, testing::ValuesIn(in_route));
INSTANTIATE_TEST_SUITE_P(InGateway, Mistakes, testing::ValuesIn(in_gateway));

TEST(AllMistakes, AreReportedAtOnceInTheirOrder) {
  World world;
  std::string text;
  for (int i = 0; i < 25; ++i) {
    text += "[provider.p" + std::to_string(i) + "]\nplugin = \"openai\"\nmodl = \"m\"\ncost = \"cheap\"\n";
    text += "[route.r" + std::to_string(i) + "]\ntargets = [\"q\"]\ndeadline = \"soon\"\n";
  }

  const Loaded loaded = world.load(text);

  ASSERT_EQ(loaded.errors.size(), 100u);
  for (std::size_t i = 0; i < 25; ++i) {
    const std::uint32_t line = static_cast<std::uint32_t>(i) * 7;
    EXPECT_EQ(loaded.errors[i * 4].line, line + 3);
    EXPECT_EQ(loaded.errors[i * 4].key, "provider.p" + std::to_string(i) + ".modl");
    EXPECT_EQ(loaded.errors[i * 4 + 1].line, line + 4);
    EXPECT_EQ(loaded.errors[i * 4 + 2].line, line + 6);
    EXPECT_EQ(loaded.errors[i * 4 + 3].line, line + 7);
  }
}

}  // namespace
}  // namespace belay::config
