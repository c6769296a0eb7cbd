import { flag, setting, whole } from '../../protocol/setting.ts'

const own = 'parapetConfig'

/** What passwords have to be that people, journeys and administrators set (`user/new-password/policy.ts`). */
export const passwordProvider = {
  passwordMinLength: setting(
    own,
    'passwordMinLength',
    whole(8, 64),
    8,
    'Characters that a new password has at least (NIST SP 800-63B §5.1.1.2).',
  ),
  passwordMinCapitals: setting(
    own,
    'passwordMinCapitals',
    whole(0, 10),
    0,
    'Capital letters that a new password has at least.',
  ),
  passwordMinNumbers: setting(
    own,
    'passwordMinNumbers',
    whole(0, 10),
    0,
    'Digits that a new password has at least.',
  ),
  passwordMinOthers: setting(
    own,
    'passwordMinOthers',
    whole(0, 10),
    0,
    'Characters that are neither letters nor digits, and that a new password has at least.',
  ),
  passwordRefuseName: setting(
    own,
    'passwordRefuseName',
    flag,
    false,
    'Whether a new password must not contain the user name. It is never the name itself.',
  ),
  passwordRefuseCommon: setting(
    own,
    'passwordRefuseCommon',
    flag,
    true,
    'Whether passwords that very many people have are refused (NIST SP 800-63B §5.1.1.2).',
  ),
} as const
