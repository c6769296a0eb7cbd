import type { NodeType } from '../../journey.ts'
import { acceptTerms } from './accept-terms.ts'
import { attributeCollector } from './attribute-collector.ts'
import { consentCollector } from './consent.ts'
import { createPassword } from './create-password.ts'
import { displayUsername } from './display-username.ts'
import { kbaCreate } from './kba-create.ts'
import { kbaVerify } from './kba-verify.ts'
import { selectIdP } from './select-idp.ts'
import { validatedPassword } from './validated-password.ts'
import { validatedUsername } from './validated-username.ts'

/** Nodes that ask for what an account is to hold. */
export const profiles: readonly NodeType[] = [
  acceptTerms,
  attributeCollector,
  consentCollector,
  createPassword,
  displayUsername,
  kbaCreate,
  kbaVerify,
  selectIdP,
  validatedPassword,
  validatedUsername,
]
