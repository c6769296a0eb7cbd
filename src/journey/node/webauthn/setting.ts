import { flag, oneOf, text, texts } from '../../../protocol/setting.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'

/** What all nodes that ask for a passkey have. */
export const passkeySettings = {
  relyingPartyDomain: nodeSetting(
    'Relying party identifier',
    text,
    '',
    'The domain that passkeys are for; none: that of this server.',
  ),
  origins: nodeSetting(
    'Origin domains',
    texts,
    [],
    'The origins of pages and apps that may use them; none: that of this server.',
  ),
  userVerificationRequirement: nodeSetting(
    'User verification requirement',
    oneOf('REQUIRED', 'PREFERRED', 'DISCOURAGED'),
    'PREFERRED',
    'Whether the device must verify its user, by a PIN or a finger.',
  ),
  timeout: nodeSetting('Timeout', wholeOrText(1, 86_400), 60, 'Seconds that the browser waits.'),
  requiresResidentKey: nodeSetting(
    'Username from device',
    flag,
    false,
    'Whether the device knows who its user is, so that nobody has to say.',
  ),
  asScript: nodeSetting(
    'Return challenge as JavaScript',
    flag,
    true,
    'Whether clients get a script to run, as PingAM’s pages do, or data.',
  ),
} as const

/** How many passkeys somebody may have, and whether codes stand in for one. */
export const storageSettings = {
  generateRecoveryCodes: nodeSetting(
    'Generate recovery codes',
    flag,
    true,
    'Whether codes are made that stand in for the device, each once.',
  ),
  maxSavedDevices: nodeSetting(
    'Maximum saved devices',
    wholeOrText(0, 1000),
    0,
    'How many somebody may have; 0: as many as they like.',
  ),
} as const
