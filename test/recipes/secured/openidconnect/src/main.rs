use base64::prelude::{Engine, BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64_URL};
use openidconnect::core::*;
use openidconnect::http::{header, HeaderValue, Request};
use openidconnect::{reqwest, url};
use openidconnect::*;
use p256::ecdsa::{signature::Signer, Signature, SigningKey};
use p256::elliptic_curve::Generate;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::HashMap;
use std::env::var;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

type Outcome<T> = Result<T, Box<dyn Error>>;
type Parameters = HashMap<String, String>;

/// What the library’s own metadata do not have.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Pushing {
    pushed_authorization_request_endpoint: String,
}
impl AdditionalProviderMetadata for Pushing {}
type Server = ProviderMetadata<
    Pushing,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

fn say(line: Value) {
    println!("{line}");
}

fn hear() -> Outcome<Value> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// Sends the library’s requests: with the certificate, or with proofs of a key (RFC 9449), where there is one.
struct Http {
    client: reqwest::blocking::Client,
    key: Option<SigningKey>,
    demanded: RefCell<Vec<String>>,
}

impl SyncHttpClient for Http {
    type Error = <reqwest::blocking::Client as SyncHttpClient>::Error;

    fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, Self::Error> {
        let Some(key) = &self.key else { return self.client.call(request) };
        prove(key, &mut request, None);
        let answer = self.client.call(request.clone())?;
        match answer.headers().get("dpop-nonce") {
            Some(nonce) if !answer.status().is_success() => {
                self.demanded.borrow_mut().push(request.uri().to_string());
                prove(key, &mut request, nonce.to_str().ok());
                self.client.call(request)
            }
            _ => Ok(answer),
        }
    }
}

fn http(certificate: bool, key: Option<SigningKey>) -> Outcome<Http> {
    let trusted = reqwest::Certificate::from_pem(&std::fs::read(var("SERVER_CERT")?)?)?;
    let mut builder = reqwest::blocking::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .tls_built_in_root_certs(false)
        .add_root_certificate(trusted);
    if certificate {
        let mut pem = std::fs::read(var("CLIENT_CERT")?)?;
        pem.extend(std::fs::read(var("CLIENT_KEY")?)?);
        builder = builder.identity(reqwest::Identity::from_pem(&pem)?);
    }
    Ok(Http { client: builder.build()?, key, demanded: RefCell::default() })
}

fn jwk(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let [x, y] = [point.x(), point.y()].map(|each| BASE64_URL.encode(each.unwrap()));
    json!({ "crv": "P-256", "kty": "EC", "x": x, "y": y })
}

fn prove(key: &SigningKey, request: &mut HttpRequest, nonce: Option<&str>) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let htu = request.uri().to_string();
    let mut claims = json!({
        "jti": CsrfToken::new_random().secret(),
        "htm": request.method().as_str(),
        "htu": htu.split('?').next(),
        "iat": now,
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = nonce.into();
    }
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
    if let Some(("Bearer" | "DPoP", token)) = authorization.and_then(|given| given.split_once(' ')) {
        claims["ath"] = BASE64_URL.encode(Sha256::digest(token)).into();
        let tied = HeaderValue::from_str(&format!("DPoP {token}")).unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, tied);
    }
    let head = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk(key) });
    let parts = [head, claims].map(|part| BASE64_URL.encode(part.to_string()));
    let input = parts.join(".");
    let signature: Signature = key.sign(input.as_bytes());
    let proof = format!("{input}.{}", BASE64_URL.encode(signature.to_bytes()));
    request.headers_mut().insert("dpop", HeaderValue::from_str(&proof).unwrap());
}

/// What the trials have in common: a request that is pushed, an arrival that is taken, and who it is.
fn sign_in(
    server: &Server,
    http: &Http,
    id: &str,
    secret: Option<String>,
    more: &Value,
    take: &dyn Fn(Parameters) -> Outcome<Parameters>,
) -> Outcome<Value> {
    let client = CoreClient::from_provider_metadata(
        server.clone(),
        ClientId::new(id.into()),
        secret.clone().map(ClientSecret::new),
    )
    .set_redirect_uri(RedirectUrl::new(var("REDIRECT_URI")?)?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("email".into()))
        .set_pkce_challenge(challenge);
    for (name, value) in more.as_object().into_iter().flatten() {
        request = request.add_extra_param(name.as_str(), value.as_str().unwrap_or_default());
    }
    let (asked, state, nonce) = request.url();
    let request_uri = push(server, http, id, secret, asked.query().unwrap_or_default())?;
    let mut open = server.authorization_endpoint().url().clone();
    open.query_pairs_mut().append_pair("client_id", id).append_pair("request_uri", &request_uri);
    say(json!({ "open": open.as_str() }));
    let answer = taken(take, state.secret())?;
    if let Some(error) = answer.get("error") {
        return Ok(json!({ "error": error }));
    }
    let code = answer.get("code").cloned().ok_or("no code")?;
    let tokens = client.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(verifier).request(http)?;
    let id_token = tokens.extra_fields().id_token().ok_or("no ID token")?;
    let sub = id_token.claims(&client.id_token_verifier(), &nonce)?.subject().clone();
    let token = tokens.access_token().clone();
    let info: CoreUserInfoClaims = client.user_info(token.clone(), Some(sub))?.request(http)?;
    Ok(json!({
        "email": info.email().map(|email| email.as_str()),
        "access_token": token.secret(),
        "demanded": *http.demanded.borrow(),
    }))
}

/// The library knows no pushing: what it would have put into the browser’s address is pushed.
fn push(server: &Server, http: &Http, id: &str, secret: Option<String>, query: &str) -> Outcome<String> {
    let mut request = Request::post(&server.additional_metadata().pushed_authorization_request_endpoint)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(secret) = secret {
        let [id, secret] = [id, &secret]
            .map(|each| url::form_urlencoded::byte_serialize(each.as_bytes()).collect::<String>());
        let basic = BASE64_STANDARD.encode(format!("{id}:{secret}"));
        request = request.header(header::AUTHORIZATION, format!("Basic {basic}"));
    }
    let answer = http.call(request.body(query.into())?)?;
    let said: Value = serde_json::from_slice(answer.body())?;
    match said["request_uri"].as_str() {
        Some(request_uri) if answer.status() == 201 => Ok(request_uri.into()),
        _ => Err(said.to_string().into()),
    }
}

fn taken(take: &dyn Fn(Parameters) -> Outcome<Parameters>, state: &str) -> Outcome<Parameters> {
    loop {
        let arrived = hear()?;
        let address = url::Url::parse(arrived["url"].as_str().unwrap_or_default())?;
        // A fragment never comes to a server: a page hands it on.
        let inside = address.fragment().or(address.query()).unwrap_or_default();
        let sent = arrived["body"].as_str().unwrap_or(inside);
        let parameters = url::form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
        match take(parameters) {
            Ok(answer) if answer.get("state").is_some_and(|given| given == state) => {
                return Ok(answer);
            }
            Ok(_) => say(json!({ "refused": "another state" })),
            Err(error) => say(json!({ "refused": error.to_string() })),
        }
    }
}

/// The library has the keys and verifies the signature; which claims an answer has to have is looked at here.
fn opened(server: &Server, id: &str, given: Parameters) -> Outcome<Parameters> {
    let response = given.get("response").ok_or("no response")?;
    let (input, signature) = response.rsplit_once('.').ok_or("no JWT")?;
    let (head, claims) = input.split_once('.').ok_or("no JWT")?;
    let head: Value = serde_json::from_slice(&BASE64_URL.decode(head)?)?;
    let claims: Value = serde_json::from_slice(&BASE64_URL.decode(claims)?)?;
    let kid = head["kid"].as_str();
    let key = server.jwks().keys().iter().find(|key| key.key_id().map(|id| id.as_str()) == kid);
    key.ok_or("no key")?.verify_signature(
        &CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        input.as_bytes(),
        &BASE64_URL.decode(signature)?,
    )?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let is_mine = claims["iss"] == server.issuer().as_str() && claims["aud"] == id;
    if !is_mine || claims["exp"].as_u64().is_none_or(|exp| exp <= now) {
        return Err("another answer".into());
    }
    let texts = claims.as_object().into_iter().flatten();
    Ok(texts.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.into()))).collect())
}

fn main() -> Outcome<()> {
    let server = Server::discover(&IssuerUrl::new(var("ISSUER")?)?, &http(false, None)?)?;
    loop {
        let order = hear()?;
        let id = order["client_id"].as_str().unwrap_or_default();
        let secret = var("CLIENT_SECRET").ok();
        let done = match order["trial"].as_str() {
            Some("dpop") => {
                let key = SigningKey::generate();
                let jkt = BASE64_URL.encode(Sha256::digest(jwk(&key).to_string()));
                sign_in(&server, &http(false, Some(key))?, id, secret, &json!({}), &Ok).map(|mut facts| {
                    facts["jkt"] = jkt.into();
                    facts
                })
            }
            Some("jarm") => {
                let take = |given| opened(&server, id, given);
                sign_in(&server, &http(false, None)?, id, secret, &order["more"], &take)
            }
            _ => sign_in(&server, &http(true, None)?, id, None, &json!({}), &Ok),
        };
        match done {
            Ok(facts) => say(json!({ "done": facts })),
            Err(error) => say(json!({ "failed": format!("{error:?}") })),
        }
    }
}
