import { base64url, fromBase64url } from '../../../base/bytes.ts'
import { flag, oneOf, text } from '../../../protocol/setting.ts'
import type { EndUser } from '../../../user/end-user.ts'
import type { OathDevice } from '../../../user/factor/oath.ts'
import { keptOath } from '../../../user/factor/oath.ts'
import { base32 } from '../../../user/factor/one-time-password.ts'
import {
  confirmationCallback,
  hiddenValueCallback,
  messageTypes,
  textOutputCallback,
} from '../../callback/basic.ts'
import type { NodeResult, Turn } from '../../journey.ts'
import { asks, nodeType, passed } from '../../journey.ts'
import type { NodeValues } from '../../node-setting.ts'
import { localized, localText, nodeSetting, wholeOrText } from '../../node-setting.ts'
import { ofAccount } from '../../person/postponed.ts'
import { namedIn } from '../../person/who.ts'
import { putTransient } from '../../state.ts'
import { newDevice, storeDevice, withCodes } from './registered.ts'

export const postponedOath = 'oathDeviceProfile'

export const successOrFailure = [
  { id: 'successOutcome', displayName: 'Success' },
  { id: 'failureOutcome', displayName: 'Failure' },
] as const

const scan = {
  en: 'Scan the code with your authenticator app, or enter the key there.',
  de: 'Scannen Sie den Code mit Ihrer Authenticator-App, oder geben Sie dort den Schlüssel ein.',
}

const settings = {
  issuer: nodeSetting('Issuer', text, 'ForgeRock', 'What the app calls whoever runs this.'),
  accountName: nodeSetting(
    'Account Name',
    oneOf('USERNAME', 'EMAIL'),
    'USERNAME',
    'What the app calls the account.',
  ),
  bgColor: nodeSetting(
    'Background Color',
    text,
    '032b75',
    'Kept; apps that know it take another one.',
  ),
  imgUrl: nodeSetting('Logo Image URL', text, '', 'A picture for the app.'),
  generateRecoveryCodes: nodeSetting(
    'Generate Recovery Codes',
    flag,
    true,
    'Codes for a lost device.',
  ),
  scanQRCodeMessage: nodeSetting('QR code message', localText, {}, 'What is said beside the code.'),
  passwordLength: nodeSetting(
    'One Time Password Length',
    oneOf('SIX_DIGITS', 'EIGHT_DIGITS'),
    'SIX_DIGITS',
    'Digits.',
  ),
  minSharedSecretLength: nodeSetting(
    'Minimum Shared Secret Length',
    wholeOrText(20, 128),
    32,
    'Hexadecimal digits.',
  ),
  algorithm: nodeSetting(
    'OATH Algorithm',
    oneOf('TOTP', 'HOTP'),
    'TOTP',
    'By time or by counting.',
  ),
  totpTimeInterval: nodeSetting('TOTP Time Step Interval', wholeOrText(1, 3600), 30, 'Seconds.'),
  totpHashAlgorithm: nodeSetting(
    'TOTP Hash Algorithm',
    oneOf('HMAC_SHA1', 'HMAC_SHA256', 'HMAC_SHA512'),
    'HMAC_SHA1',
    'What the passwords are made by.',
  ),
  addChecksum: nodeSetting('HOTP Checksum Digit', flag, false, 'One more digit.'),
  truncationOffset: nodeSetting(
    'HOTP Truncation Offset',
    wholeOrText(-1, 60),
    -1,
    'Where the number is read; -1: as RFC 4226 says.',
  ),
  postponeDeviceProfileStorage: nodeSetting(
    'Store device data in transient state',
    flag,
    false,
    'Another node stores the device, once it was tried.',
  ),
} as const

type Values = NodeValues<typeof settings>

/** Registers an authenticator app (PingAM: OATH Registration node). */
export const oathRegistration = nodeType({
  type: 'OathRegistrationNode',
  name: 'OATH Registration',
  tags: ['mfa', 'multi-factor authentication'],
  settings,
  outcomes: () => successOrFailure,
  async process(turn, values) {
    const user = await namedIn(turn)
    if (user.status !== 'Active') return passed('failureOutcome', turn.state)
    const { answers, kept } = turn
    if (answers === undefined || typeof kept !== 'string') return show(turn, values, user)
    return register(turn, values, user, fromBase64url(kept) as Buffer)
  },
})

function show(turn: Turn, values: Values, user: EndUser): NodeResult {
  const { realm, visit, state } = turn
  const secret = realm.random(Math.ceil(values.minSharedSecretLength / 2))
  const { email } = user.attributes
  const account =
    values.accountName === 'EMAIL' && typeof email === 'string' ? email : user.username
  const message =
    localized(values.scanQRCodeMessage, visit.locales) ?? localized(scan, visit.locales)
  const callbacks = [
    textOutputCallback(message ?? scan.en),
    // PingAM draws a picture by a script here; whoever has one of their own takes the address from the hidden value.
    textOutputCallback('', messageTypes.script),
    hiddenValueCallback('mfaDeviceRegistration', otpauth(secret, account, values)),
    confirmationCallback(['Next'], 0),
  ]
  return asks(callbacks, state, { keep: base64url(secret) })
}

/** What an authenticator app reads (Key Uri Format). */
function otpauth(secret: Buffer, account: string, values: Values): string {
  const { algorithm, issuer, imgUrl, totpTimeInterval } = values
  const { digits, hash } = shapeOf(values)
  const label = [issuer, account].map(encodeURIComponent).join(':')
  const counting = algorithm === 'TOTP' ? ['period', totpTimeInterval] : ['counter', 0]
  const parameters = [
    ...[['secret', base32(secret)], ['issuer', issuer], ['digits', digits], counting],
    ...[['algorithm', hash], ...(imgUrl === '' ? [] : [['image', imgUrl]])],
  ]
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return `otpauth://${algorithm.toLowerCase()}/${label}?${query.join('&')}`
}

const hashes = { HMAC_SHA1: 'sha1', HMAC_SHA256: 'sha256', HMAC_SHA512: 'sha512' } as const

function shapeOf(values: Values): Omit<OathDevice, 'secret' | 'next' | 'drift'> {
  return {
    algorithm: values.algorithm,
    hash: values.algorithm === 'TOTP' ? hashes[values.totpHashAlgorithm] : 'sha1',
    digits: values.passwordLength === 'SIX_DIGITS' ? 6 : 8,
    interval: values.totpTimeInterval,
    checksum: values.algorithm === 'HOTP' && values.addChecksum,
    offset: values.algorithm === 'HOTP' ? values.truncationOffset : -1,
  }
}

async function register(
  { realm, state }: Turn,
  values: Values,
  user: EndUser,
  secret: Buffer,
): Promise<NodeResult> {
  const oath = keptOath({ ...shapeOf(values), secret, next: 0, drift: 0 })
  const fresh = newDevice(realm, 'OATH Device', oath, values.generateRecoveryCodes)
  const after = withCodes(state, fresh)
  if (values.postponeDeviceProfileStorage)
    return passed(
      'successOutcome',
      putTransient(after, { [postponedOath]: ofAccount(fresh.device, user) }),
    )
  const stored = await storeDevice(realm, user, 'oath', fresh.device)
  return stored ? passed('successOutcome', after) : passed('failureOutcome', state)
}
