import { isObject } from '../../base/json.ts'
import { isPasskeyData } from '../../journey/node/webauthn/script.ts'
import { passkey } from '../question/passkey.ts'
import type { CallbackPage } from '../question/question.ts'
import { outputOf } from '../question/question.ts'
import { passkeyScript } from '../static-file.ts'

/** What clients are told beside the questions. Of what there is, pages know the kind that asks for a passkey. */
export const metadataPage: CallbackPage = {
  type: 'MetadataCallback',
  script: (callback) => (isPasskeyData(outputOf({ callback }, 'data')) ? passkeyScript : undefined),
  ask(asked) {
    const data = outputOf(asked, 'data')
    return isObject(data) && isPasskeyData(data) ? passkey(asked, data) : undefined
  },
}
