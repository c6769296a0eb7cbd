/** Nodes that several built-in journeys have, each with where its outcomes lead. */
import type { Placed } from '../journey.ts'
import { failure, page, success } from '../journey.ts'

type Words = Readonly<Record<'en' | 'de', string>>

/** A page: what stands on it, where it leads, and what is said on it. */
export function asked(
  children: readonly (readonly [id: string, type: string])[],
  outcome: string,
  said: { readonly pageHeader?: Words; readonly pageDescription?: Words } = {},
): Placed {
  const settings = { ...page(...children), ...said }
  return { type: 'PageNode', name: 'Page Node', settings, to: { outcome } }
}

/** The password, of whoever is known already; of anybody with the name. */
export function passwordAsked(
  ids: Readonly<Record<'who' | 'word' | 'page' | 'askName' | 'askWord' | 'check', string>>,
): Readonly<Record<string, Placed>> {
  return {
    [ids.who]: {
      type: 'KnownUserNode',
      name: 'Known User',
      to: { known: ids.word, unknown: ids.page },
    },
    [ids.word]: {
      type: 'PasswordCollectorNode',
      name: 'Password Collector',
      to: { outcome: ids.check },
    },
    [ids.page]: asked(
      [
        [ids.askName, 'UsernameCollectorNode'],
        [ids.askWord, 'PasswordCollectorNode'],
      ],
      ids.check,
    ),
    [ids.askName]: { type: 'UsernameCollectorNode', settings: { prepopulate: true } },
    [ids.askWord]: { type: 'PasswordCollectorNode' },
  }
}

/** Whether the password is right. */
export function passwordChecked(yes: string, no = failure): Placed {
  return {
    type: 'DataStoreDecisionNode',
    name: 'Data Store Decision',
    to: { true: yes, false: no },
  }
}

export const addressOfAccount = {
  pageDescription: {
    en: 'Enter the address of your account.',
    de: 'Geben Sie die E-Mail-Adresse Ihres Kontos ein.',
  },
}

export const mailCollector: Placed = {
  type: 'AttributeCollectorNode',
  settings: { attributesToCollect: ['mail'], required: true, identityAttribute: 'mail' },
}

export const newPassword = {
  pageHeader: { en: 'Choose a new password', de: 'Neues Passwort wählen' },
}

/** Whoever has that address. */
export function foundByMail(yes: string, no = yes): Placed {
  return {
    type: 'IdentifyExistingUserNode',
    name: 'Identify Existing User',
    settings: { identifier: 'userName', identityAttribute: 'mail' },
    to: { true: yes, false: no },
  }
}

/** What is said where a letter was sent, or would have been. */
const lookAtMail = {
  en: 'If the address is right, a letter is on its way to it. Open the link in that letter to go on.',
  de: 'Wenn die Adresse stimmt, ist ein Brief an sie unterwegs. Öffnen Sie den Link darin, um fortzufahren.',
}

/** A letter with the link that leads on: to the address that was collected, or to that of an account that is looked up. */
export function mailed(
  emailTemplateName: string,
  outcome: string,
  identityAttribute?: string,
): Placed {
  const lookup = identityAttribute === undefined ? {} : { objectLookup: true, identityAttribute }
  return {
    type: 'EmailSuspendNode',
    name: 'Email Suspend',
    settings: { emailTemplateName, emailSuspendMessage: lookAtMail, ...lookup },
    to: { outcome },
  }
}

/** Whoever is logged in. */
export function ofSession(outcome: string): Placed {
  return {
    type: 'SessionDataNode',
    name: 'Get Session Data',
    settings: { sessionDataKey: 'UserToken', sharedStateKey: 'userName' },
    to: { outcome },
  }
}

export function hasPassword(yes: string, no: string): Placed {
  return {
    type: 'AttributePresentDecisionNode',
    name: 'Attribute Present Decision',
    settings: { presentAttribute: 'password', identityAttribute: 'userName' },
    to: { true: yes, false: no },
  }
}

/** Writes what was collected into the account. */
export function patched(
  how: { readonly patchAsObject: boolean; readonly ignoredFields: readonly string[] },
  refused = failure,
): Placed {
  return {
    type: 'PatchObjectNode',
    name: 'Patch Object',
    settings: { ...how, identityResource: 'managed/user', identityAttribute: 'userName' },
    to: { PATCHED: success, FAILURE: refused },
  }
}

/** Whoever has opened a link logs in, as the realm has it; where that fails, `again` is next. */
export function logsIn(again: string): Placed {
  return {
    type: 'InnerTreeEvaluatorNode',
    name: 'Inner Tree Evaluator',
    settings: { tree: 'Login' },
    to: { true: success, false: again },
  }
}

/** What is said where a login at the end of a journey failed: the link is spent, so that nothing before it can be done again. */
export function loginFailed(login: string): Placed {
  return {
    type: 'MessageNode',
    name: 'Message Node',
    settings: {
      message: {
        en: 'That did not work. Check what you entered and try again.',
        de: 'Das hat nicht geklappt. Prüfen Sie Ihre Eingaben und versuchen Sie es noch einmal.',
      },
      messageYes: { en: 'Try again', de: 'Noch einmal versuchen' },
      messageNo: { en: 'Cancel', de: 'Abbrechen' },
    },
    to: { true: login, false: failure },
  }
}
