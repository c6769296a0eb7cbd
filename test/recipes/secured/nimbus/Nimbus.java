import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWEDecryptionKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.*;
import com.nimbusds.oauth2.sdk.auth.*;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.*;
import com.nimbusds.oauth2.sdk.jarm.JARMValidator;
import com.nimbusds.oauth2.sdk.pkce.*;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import com.nimbusds.oauth2.sdk.util.URIUtils;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import com.nimbusds.openid.connect.sdk.*;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.*;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;
import javax.net.ssl.*;
import net.minidev.json.JSONObject;

public class Nimbus {
  static final Map<String, String> env = System.getenv();
  static final Issuer issuer = new Issuer(env.get("ISSUER"));
  static final URI redirect = URI.create(env.get("REDIRECT_URI"));
  static final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
  static OIDCProviderMetadata server;
  static JWKSet keys;

  static void say(String name, Object value) {
    System.out.println(JSONObject.toJSONString(Map.of(name, value)));
  }

  static JSONObject hear() throws Exception {
    return JSONObjectUtils.parse(lines.readLine());
  }

  /** How requests are sent: by this socket factory, and with proofs where there is a key. */
  static class Sending {
    SSLSocketFactory tls = HTTPRequest.getDefaultSSLSocketFactory();
    DefaultDPoPProofFactory proofs;
    final List<String> demanded = new ArrayList<>();

    /** The library makes proofs; that a nonce is asked for is seen here, and the request made again. */
    HTTPResponse send(HTTPRequest request, AccessToken token) throws Exception {
      request.setSSLSocketFactory(tls);
      if (proofs == null) return request.send();
      String method = request.getMethod().name();
      URI uri = URIUtils.getBaseURI(request.getURI());
      request.setDPoP(proofs.createDPoPJWT(method, uri, token));
      HTTPResponse answer = request.send();
      if (answer.indicatesSuccess() || answer.getDPoPNonce() == null) return answer;
      demanded.add(request.getURI().toString());
      request.setDPoP(proofs.createDPoPJWT(method, uri, token, answer.getDPoPNonce()));
      return request.send();
    }
  }

  interface Taking {
    AuthorizationResponse take(URI uri, Map<String, List<String>> parameters) throws Exception;
  }

  /** What the trials have in common: a request that is pushed, an arrival that is taken, and who it is. */
  static Map<String, Object> signIn(
      ClientAuthentication proof, Sending sending, Map<String, Object> more, Taking taking) throws Exception {
    ClientID id = proof.getClientID();
    CodeVerifier verifier = new CodeVerifier();
    State state = new State();
    Nonce nonce = new Nonce();
    AuthenticationRequest.Builder request =
        new AuthenticationRequest.Builder(ResponseType.CODE, new Scope("openid", "email"), id, redirect)
            .state(state).nonce(nonce).codeChallenge(verifier, CodeChallengeMethod.S256);
    if (more.containsKey("response_mode")) request.responseMode(new ResponseMode(more.get("response_mode").toString()));
    if (more.containsKey("prompt")) request.prompt(Prompt.parse(more.get("prompt").toString()));
    if (more.containsKey("max_age")) request.maxAge(Integer.parseInt(more.get("max_age").toString()));
    PushedAuthorizationResponse pushed = PushedAuthorizationResponse.parse(sending.send(
        new PushedAuthorizationRequest(server.getPushedAuthorizationRequestEndpointURI(), proof, request.build())
            .toHTTPRequest(), null));
    if (!pushed.indicatesSuccess()) throw new Exception(pushed.toErrorResponse().getErrorObject().toString());
    say("open", new AuthorizationRequest.Builder(pushed.toSuccessResponse().getRequestURI(), id)
        .endpointURI(server.getAuthorizationEndpointURI()).build().toURI().toString());
    AuthorizationResponse came = taken(taking, state);
    if (!came.indicatesSuccess()) return Map.of("error", came.toErrorResponse().getErrorObject().getCode());
    AuthorizationCode code = came.toSuccessResponse().getAuthorizationCode();
    TokenResponse answer = OIDCTokenResponseParser.parse(sending.send(
        new TokenRequest.Builder(server.getTokenEndpointURI(), proof,
            new AuthorizationCodeGrant(code, redirect, verifier)).build().toHTTPRequest(), null));
    if (!answer.indicatesSuccess()) throw new Exception(answer.toErrorResponse().getErrorObject().toString());
    var tokens = ((OIDCTokenResponse) answer.toSuccessResponse()).getOIDCTokens();
    new IDTokenValidator(issuer, id, JWSAlgorithm.RS256, keys).validate(tokens.getIDToken(), nonce);
    AccessToken token = tokens.getAccessToken();
    UserInfoResponse info = UserInfoResponse.parse(sending.send(
        new UserInfoRequest(server.getUserInfoEndpointURI(), token).toHTTPRequest(), token));
    if (!info.indicatesSuccess()) throw new Exception(info.toErrorResponse().getErrorObject().toString());
    Map<String, Object> facts = new HashMap<>();
    facts.put("email", info.toSuccessResponse().getUserInfo().getEmailAddress());
    facts.put("access_token", token.getValue());
    facts.put("demanded", sending.demanded);
    if (sending.proofs != null && !(token instanceof DPoPAccessToken)) throw new Exception("a bearer token");
    return facts;
  }

  static AuthorizationResponse taken(Taking taking, State state) throws Exception {
    for (;;) {
      JSONObject arrived = hear();
      URI uri = URI.create(arrived.get("url").toString());
      String body = (String) arrived.get("body");
      try {
        // Query and fragment are read alike; a fragment is what a page handed on.
        AuthorizationResponse answer = taking.take(uri, body == null
            ? AuthorizationResponse.parseResponseParameters(uri) : URLUtils.parseParameters(body));
        if (!state.equals(answer.getState())) throw new Exception("another state");
        return answer;
      } catch (Exception error) {
        say("refused", error.toString());
      }
    }
  }

  static ClientAuthentication bySecret(String client_id) {
    return new ClientSecretBasic(new ClientID(client_id), new Secret(env.get("CLIENT_SECRET")));
  }

  static Map<String, Object> dpop(JSONObject order) throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).generate();
    Sending sending = new Sending();
    sending.proofs = new DefaultDPoPProofFactory(key, JWSAlgorithm.ES256);
    ClientAuthentication proof = bySecret(order.get("client_id").toString());
    Map<String, Object> facts = signIn(proof, sending, Map.of(), AuthorizationResponse::parse);
    facts.put("jkt", key.computeThumbprint().toString());
    return facts;
  }

  static Map<String, Object> jarm(JSONObject order) throws Exception {
    ClientAuthentication proof = bySecret(order.get("client_id").toString());
    var signing = new JWSVerificationKeySelector<SecurityContext>(
        JWSAlgorithm.ES256, new ImmutableJWKSet<>(keys));
    var decryption = new JWEDecryptionKeySelector<SecurityContext>(
        JWEAlgorithm.ECDH_ES, EncryptionMethod.A128CBC_HS256,
        new ImmutableJWKSet<>(new JWKSet(JWK.parse(env.get("DECRYPTION_KEY")))));
    JARMValidator validator = new JARMValidator(issuer, proof.getClientID(), signing,
        Boolean.TRUE.equals(order.get("encrypted")) ? decryption : null);
    return signIn(proof, new Sending(), JSONObjectUtils.getJSONObject(order, "more"),
        (uri, parameters) -> AuthorizationResponse.parse(uri, parameters, validator));
  }

  static Map<String, Object> mtls(JSONObject order) throws Exception {
    Sending sending = new Sending();
    sending.tls = socketFactory(true);
    ClientID id = new ClientID(order.get("client_id").toString());
    return signIn(new SelfSignedTLSClientAuthentication(id, sending.tls), sending, Map.of(),
        AuthorizationResponse::parse);
  }

  /** Trusts the server’s certificate alone, and shows the client’s where that is wanted. */
  static SSLSocketFactory socketFactory(boolean showing) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate("SERVER_CERT"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyStore shown = KeyStore.getInstance(KeyStore.getDefaultType());
    shown.load(null, null);
    if (showing) {
      String pem = Files.readString(Path.of(env.get("CLIENT_KEY")));
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
      PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
      shown.setKeyEntry("client", key, new char[0], new Certificate[] {certificate("CLIENT_CERT")});
    }
    KeyManagerFactory showers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    showers.init(shown, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(showers.getKeyManagers(), trust.getTrustManagers(), null);
    return tls.getSocketFactory();
  }

  static X509Certificate certificate(String name) throws Exception {
    byte[] pem = Files.readAllBytes(Path.of(env.get(name)));
    return (X509Certificate) CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem));
  }

  interface Trial {
    Map<String, Object> run(JSONObject order) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    HTTPRequest.setDefaultSSLSocketFactory(socketFactory(false));
    server = OIDCProviderMetadata.resolve(issuer);
    HTTPResponse found = new HTTPRequest(HTTPRequest.Method.GET, server.getJWKSetURI()).send();
    keys = JWKSet.parse(found.getBody());
    Map<String, Trial> trials = Map.of("dpop", Nimbus::dpop, "jarm", Nimbus::jarm, "mtls", Nimbus::mtls);
    for (;;) {
      JSONObject order = hear();
      try {
        say("done", trials.get(order.get("trial").toString()).run(order));
      } catch (Exception error) {
        say("failed", error.toString());
      }
    }
  }
}
