// TLS, with a certificate that the openssl program makes for the test.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "client.hpp"

namespace belay::gateway::test {
namespace {

class FrontTls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder() = testing::TempDir() + "belay-tls-XXXXXX";
    ASSERT_NE(::mkdtemp(folder().data()), nullptr);
    const std::string make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -keyout ";
    ASSERT_EQ(std::system((make + key() + " -out " + certificate() + " 2>/dev/null").c_str()), 0);
    ASSERT_EQ(std::system((make + folder() + "/other.key -out " + folder() + "/other.pem 2>/dev/null").c_str()), 0);
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder()); }

  static std::string& folder() {
    static std::string path;
    return path;
  }
  static std::string certificate() { return folder() + "/server.pem"; }
  static std::string key() { return folder() + "/server.key"; }
  static std::shared_ptr<Tls> load() {
    auto tls = Tls::load(certificate(), key());
    EXPECT_TRUE(tls.ok()) << tls.error().message;
    return *tls;
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
};

TEST_F(FrontTls, AnswersRequests) {
  Rig rig({}, Rig::Tie::tcp, load());
  Client client(rig, context_.get(), "http/1.1");
  ASSERT_TRUE(client.greeted());
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.tls(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  for (int i = 0; i < 5; ++i) {
    client.request("POST", "/echo", "hello");
    EXPECT_EQ(client.answer().body, "POST /echo|hello");
  }
}

TEST_F(FrontTls, CarriesLargeBodiesBothWays) {
  Rig rig({}, Rig::Tie::tcp, load());
  Client client(rig, context_.get(), {});
  std::string body(3'000'000, 'b');
  for (std::size_t i = 0; i < body.size(); i += 7) body[i] = static_cast<char>(i);
  client.request("POST", "/echo", body);
  EXPECT_EQ(client.answer().body, "POST /echo|" + body);
  client.request("GET", "/flood");
  EXPECT_EQ(client.answer().body.size(), flood_size);
}

TEST_F(FrontTls, AnswersPipelinedRequestsThatCameInOneRecord) {
  Rig rig({}, Rig::Tie::tcp, load());
  Client client(rig, context_.get(), {});
  std::string all;
  for (int i = 0; i < 20; ++i) all += "GET /echo?" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  client.send(all);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(client.answer().body, "GET /echo?" + std::to_string(i) + "|");
}

TEST_F(FrontTls, EndsWithCloseNotifyUnlessTheReplyIsCutShort) {
  Rig rig({}, Rig::Tie::tcp, load());
  Client closing(rig, context_.get(), {}), cut(rig, context_.get(), {});
  closing.request("GET", "/echo", {}, "Connection: close\r\n");
  EXPECT_EQ(closing.answer().status, 200);
  EXPECT_TRUE(closing.at_end());
  EXPECT_EQ(SSL_get_shutdown(closing.tls()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
  cut.request("GET", "/abort");
  EXPECT_FALSE(cut.answer().whole);
  char byte = 0;
  EXPECT_LE(SSL_read(cut.tls(), &byte, 1), 0);
}

TEST_F(FrontTls, TellsWhenItsClientIsGone) {
  Rig rig({}, Rig::Tie::tcp, load());
  {
    Client client(rig, context_.get(), {});
    client.request("GET", "/hold");
    ASSERT_TRUE(rig.events().wait("held"));
  }
  EXPECT_TRUE(rig.events().wait("gone"));
}

TEST_F(FrontTls, AnswersAClientThatSpeaksPlainHttp) {
  Rig rig({}, Rig::Tie::tcp, load());
  Client client(rig);
  client.request("GET", "/echo");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.body.find("https://") != std::string::npos) << answer.body;
  EXPECT_TRUE(client.at_end());
}

TEST_F(FrontTls, RefusesOldVersionsAndOtherProtocols) {
  Rig rig({}, Rig::Tie::tcp, load());
  Client only_h2(rig, context_.get(), "h2");
  EXPECT_FALSE(only_h2.greeted());
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_1_VERSION);
  Client old(rig, context_.get(), {});
  EXPECT_FALSE(old.greeted());
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
  Client still_good(rig, context_.get(), {});
  EXPECT_TRUE(still_good.greeted());
}

TEST_F(FrontTls, AHandshakeHasTheTimeOfAHead) {
  FrontSettings settings;
  settings.head_timeout = Millis(100);
  Rig rig(settings, Rig::Tie::tcp, load());
  Client silent(rig);
  EXPECT_TRUE(silent.at_end());
}

TEST_F(FrontTls, LaterConnectionsGetTheNewCertificate) {
  Rig rig({}, Rig::Tie::tcp, load());
  auto other = Tls::load(folder() + "/other.pem", folder() + "/other.key");
  ASSERT_TRUE(other.ok());
  const auto serial = [&] {
    Client client(rig, context_.get(), {});
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(client.tls()), X509_free);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr), BN_free);
    char* const text = BN_bn2hex(number.get());
    const std::string out = text;
    OPENSSL_free(text);
    return out;
  };
  const auto before = serial();
  rig.on_loop([&] { rig.front().use(*other); });
  EXPECT_NE(serial(), before);
}

TEST_F(FrontTls, SaysWhatIsWrongWithItsFiles) {
  const auto complaint = [](const std::string& certificate, const std::string& key) {
    const auto tls = Tls::load(certificate, key);
    EXPECT_FALSE(tls.ok());
    return tls ? "" : tls.error().message;
  };
  EXPECT_NE(complaint(folder() + "/none.pem", key()).find("none.pem"), std::string::npos);
  EXPECT_NE(complaint(certificate(), folder() + "/none.key").find("none.key"), std::string::npos);
  EXPECT_NE(complaint(certificate(), folder() + "/other.key").find("other.key"), std::string::npos);
  EXPECT_NE(complaint(key(), key()).find("PEM"), std::string::npos);
}

}  // namespace
}  // namespace belay::gateway::test
