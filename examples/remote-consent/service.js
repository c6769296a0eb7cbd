// The service: GET /ask shows what is asked, POST /answer sends the person back with what they decided.
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { decrypted, encrypted, signed, verified } from './jwt.js'
import { answerPage, askPage, errorPage } from './pages.js'

/** Starts it; `issuer`: of the realm whose people it asks, `agent`: what the realm calls it. */
export async function startService({ issuer, agent, port = 0, host = '127.0.0.1' }) {
  const own = keys()
  const service = { issuer, agent, own }
  const server = createServer((request, response) => {
    answer(service, request).then(
      ({ type = 'text/html; charset=utf-8', body }) => {
        // What is asked stands in the URL of the page: nobody else is to see it.
        response.writeHead(200, { 'content-type': type, 'referrer-policy': 'no-referrer' })
        response.end(body)
      },
      (error) => {
        response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' })
        response.end(errorPage(error.message))
      },
    )
  })
  server.listen(port, host)
  await once(server, 'listening')
  const origin = `http://${host}:${server.address().port}`
  return { origin, stop: () => server.close() }
}

async function answer(service, request) {
  const url = new URL(request.url, 'http://service')
  if (request.method === 'GET' && url.pathname === '/jwks')
    return { type: 'application/json', body: JSON.stringify({ keys: published(service.own) }) }
  if (request.method === 'GET' && url.pathname === '/ask')
    return ask(service, url.searchParams.get('consent_request') ?? '')
  const form = new URLSearchParams(await bodyOf(request))
  // Where the agent has parapet post it.
  if (url.pathname === '/ask') return ask(service, form.get('consent_request') ?? '')
  if (url.pathname === '/answer') return decide(service, form)
  throw new Error('there is nothing here')
}

async function ask(service, consent_request) {
  return { body: askPage(await asked(service, consent_request), consent_request) }
}

async function decide(service, form) {
  const request = await asked(service, form.get('consent_request') ?? '')
  const { iss, clientId, csrf, username, consentApprovalRedirectUri } = request
  const now = Math.floor(Date.now() / 1000)
  const consent_response = signed(
    {
      iss: service.agent,
      aud: iss,
      iat: now,
      exp: now + 60,
      clientId,
      csrf,
      username,
      decision: form.get('decision') === 'allow',
      scopes: form.getAll('scope'),
      save_consent: form.get('save_consent') === 'on',
    },
    service.own.signing,
  )
  const { encryption } = await realmKeys(service)
  return { body: answerPage(consentApprovalRedirectUri, encrypted(consent_response, encryption)) }
}

/** What is asked, once it is known that the realm asks it, of this service, and just now. */
async function asked({ issuer, agent, own }, consent_request) {
  const { signatures } = await realmKeys({ issuer })
  const request = verified(decrypted(consent_request, own.encryption.privateKey), signatures)
  if (request.iss !== issuer || request.aud !== agent) throw new Error('it is for somebody else')
  if (request.exp * 1000 < Date.now()) throw new Error('it took too long')
  return request
}

/** The realm's keys, by its metadata. They are asked for each time, since they rotate; cache them for some minutes. */
async function realmKeys({ issuer }) {
  const read = async (url) => (await fetch(url)).json()
  const { jwks_uri } = await read(`${issuer}/.well-known/openid-configuration`)
  const { keys: all } = await read(jwks_uri)
  const signatures = all.filter(({ use }) => use === 'sig')
  return { signatures, encryption: all.find(({ use, kty }) => use === 'enc' && kty === 'RSA') }
}

/** Keys of its own: one that signs, and one that others encrypt to. */
function keys() {
  const pair = (made) => ({ ...made, kid: randomUUID() })
  return {
    signing: pair(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    encryption: pair(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  }
}

function published({ signing, encryption }) {
  const jwk = ({ publicKey, kid }, more) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid,
    ...more,
  })
  return [jwk(signing, { use: 'sig', alg: 'ES256' }), jwk(encryption, { use: 'enc' })]
}

async function bodyOf(request) {
  let body = ''
  for await (const part of request.setEncoding('utf8')) {
    body += part
    if (body.length > 100_000) throw new Error('that is too much')
  }
  return body
}
