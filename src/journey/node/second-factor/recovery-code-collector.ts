import { oneOf } from '../../../protocol/setting.ts'
import type { DeviceKind } from '../../../user/factor/device.ts'
import { changeDevices } from '../../../user/factor/device.ts'
import { withoutCode } from '../../../user/factor/recovery-code.ts'
import { nameCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import { asks, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { namedIn } from '../../person/who.ts'
import { identify } from '../../state.ts'
import { guarded } from './tries.ts'

const kinds: Readonly<Record<'OATH' | 'PUSH' | 'WEB_AUTHN', DeviceKind>> = {
  ...{ OATH: 'oath', PUSH: 'push', WEB_AUTHN: 'webauthn' },
}

/** Takes a code in place of a device, once each (PingAM: Recovery Code Collector Decision node). */
export const recoveryCodeCollector = nodeType({
  type: 'RecoveryCodeCollectorDecisionNode',
  name: 'Recovery Code Collector Decision',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {
    recoveryCodeType: nodeSetting(
      'Recovery Code Type',
      oneOf('OATH', 'PUSH', 'WEB_AUTHN'),
      'OATH',
      'Of which kind of device.',
    ),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { recoveryCodeType }) {
    const { realm, state, answers } = turn
    const code = textOf(answers?.[0]).trim()
    if (code === '') return asks([nameCallback('Recovery Code')], state)
    const user = await namedIn(turn)
    const right = await guarded(realm, user.sub, () =>
      changeDevices(realm, user.sub, kinds[recoveryCodeType], (devices) =>
        withoutCode(devices, code),
      ),
    )
    return right && user.status === 'Active'
      ? passed('true', identify(state, user, 'RecoveryCode'))
      : passed('false', state)
  },
})
