// Asks the browser for a passkey and sends what it answers, as PingAM's clients write it. Nobody is sent on without
// a word: whoever says no, or whose browser has no passkeys, reads so and goes on by the button.
const place = document.getElementById('passkey')
const outcome = document.getElementById('webAuthnOutcome')
const start = document.getElementById('passkey_start')
const said = document.getElementById('passkey_said')
const data = JSON.parse(place.dataset.asked)
const words = JSON.parse(place.dataset.said)
const registers = data._action === 'webauthn_registration'

function say(text) {
  said.textContent = text
  said.hidden = false
}

const bytesOf = (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0))
const textOf = (buffer) => new TextDecoder().decode(buffer)
const numbersOf = (buffer) => new Int8Array(buffer).toString()
const credentials = (list = []) => list.map((each) => ({ ...each, id: new Int8Array(each.id) }))

const shared = () => ({
  challenge: bytesOf(atob(data.challenge)),
  timeout: Number(data.timeout),
  extensions: data.extensions ?? {},
})

async function register() {
  const made = await navigator.credentials.create({
    publicKey: {
      ...shared(),
      rp: { id: data._relyingPartyId, name: data.relyingPartyName },
      user: { id: bytesOf(data.userId), name: data.userName, displayName: data.displayName },
      pubKeyCredParams: data._pubKeyCredParams,
      attestation: data.attestationPreference,
      authenticatorSelection: data._authenticatorSelection,
      excludeCredentials: credentials(data._excludeCredentials),
    },
  })
  const { clientDataJSON, attestationObject } = made.response
  return [made, [textOf(clientDataJSON), numbersOf(attestationObject), made.id]]
}

async function authenticate() {
  const found = await navigator.credentials.get({
    publicKey: {
      ...shared(),
      rpId: data._relyingPartyId,
      allowCredentials: credentials(data._allowCredentials),
      userVerification: data.userVerification,
    },
  })
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response
  const parts = [
    textOf(clientDataJSON),
    numbersOf(authenticatorData),
    numbersOf(signature),
    found.id,
  ]
  return [found, userHandle?.byteLength > 0 ? [...parts, textOf(userHandle)] : parts]
}

/** `byItself`: some browsers ask only for who has pressed something, which is no refusal yet. */
async function ask(byItself) {
  start.disabled = true
  say(words.waiting)
  try {
    const [credential, parts] = await (registers ? register() : authenticate())
    const { authenticatorAttachment } = credential
    outcome.value = JSON.stringify({ authenticatorAttachment, legacyData: parts.join('::') })
    outcome.form.requestSubmit()
  } catch (error) {
    outcome.value = `ERROR::${error.name}:${error.message}`
    const refused = error.name === 'NotAllowedError' || error.name === 'AbortError'
    if (refused && byItself) said.hidden = true
    else if (refused) say(words.refused)
    else say(error.name === 'InvalidStateError' ? words.known : words.failed)
    start.disabled = false
    if (!byItself) start.focus()
  }
}

if (window.PublicKeyCredential === undefined) {
  outcome.value = 'unsupported'
  say(words.unsupported)
} else {
  outcome.value = 'ERROR::NotAllowedError:The person went on without a passkey.'
  start.hidden = false
  start.addEventListener('click', () => void ask(false))
  // Who has just gone on without one is not asked again before they say so.
  if (place.dataset.again === undefined) await ask(true)
}
