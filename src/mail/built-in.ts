import type { JsonObject } from '../base/json.ts'

/** A letter in one language: its subject, what it says, what its link is called, and what it ends with. */
interface Words {
  readonly subject: string
  readonly text: string
  readonly link?: string
  readonly after?: string
}

/** What people are told who did not ask for a letter. */
const notMe = {
  en: 'If you did not ask for this, you need do nothing. Nothing was changed.',
  de: 'Wenn Sie das nicht angefordert haben, müssen Sie nichts tun. Es wurde nichts geändert.',
}

function template(en: Words, de: Words): JsonObject {
  const words = Object.entries({ en, de })
  const each = (make: (words: Words) => string): JsonObject =>
    Object.fromEntries(words.map(([language, of]) => [language, make(of)]))
  return {
    ...{ enabled: true, defaultLocale: 'en', from: '', mimeType: 'text/plain' },
    subject: each(({ subject }) => subject),
    message: each(({ text, link, after }) =>
      [text, link && `${link}:\n{{object.resumeURI}}`, after].filter(Boolean).join('\n\n'),
    ),
    html: each(({ text, link, after }) =>
      [
        ...text.split('\n\n').map((part) => `<p>${part}</p>`),
        link && `<p><a href="{{object.resumeURI}}">${link}</a></p>`,
        after && `<p>${after}</p>`,
      ]
        .filter(Boolean)
        .join('\n'),
    ),
  }
}

/** The templates that are there until somebody saves one of that name (PingIDM has the first five of them). */
export const builtInTemplates: Readonly<Record<string, JsonObject>> = {
  registration: template(
    {
      ...{ subject: 'Confirm your email address', link: 'Create the account' },
      ...{ text: 'Somebody wants to create an account with this address.', after: notMe.en },
    },
    {
      ...{ subject: 'Bestätigen Sie Ihre E-Mail-Adresse', link: 'Konto anlegen' },
      ...{ text: 'Jemand möchte mit dieser Adresse ein Konto anlegen.', after: notMe.de },
    },
  ),
  resetPassword: template(
    {
      ...{ subject: 'Choose a new password', link: 'Choose a new password' },
      ...{
        text: 'You can choose a new password for your account {{object.userName}}.',
        after: notMe.en,
      },
    },
    {
      ...{ subject: 'Wählen Sie ein neues Passwort', link: 'Neues Passwort wählen' },
      text: 'Sie können ein neues Passwort für Ihr Konto {{object.userName}} wählen.',
      after: notMe.de,
    },
  ),
  forgottenUsername: template(
    {
      ...{ subject: 'Your user name', link: 'Log in' },
      ...{ text: 'Your user name is {{object.userName}}', after: notMe.en },
    },
    {
      ...{ subject: 'Ihr Benutzername', link: 'Anmelden' },
      ...{ text: 'Ihr Benutzername lautet {{object.userName}}', after: notMe.de },
    },
  ),
  updatePassword: template(
    {
      ...{ subject: 'Set your password', link: 'Set the password' },
      ...{ text: 'You can set a password for your account {{object.userName}}.', after: notMe.en },
    },
    {
      ...{ subject: 'Legen Sie Ihr Passwort fest', link: 'Passwort festlegen' },
      text: 'Sie können ein Passwort für Ihr Konto {{object.userName}} festlegen.',
      after: notMe.de,
    },
  ),
  welcome: template(
    {
      ...{
        subject: 'Your account is ready',
        text: 'Welcome! Your user name is {{object.userName}}',
      },
    },
    {
      ...{
        subject: 'Ihr Konto ist bereit',
        text: 'Willkommen! Ihr Benutzername lautet {{object.userName}}',
      },
    },
  ),
  updateEmail: template(
    {
      ...{ subject: 'Confirm your new email address', link: 'Use this address' },
      text: 'This is to be the new address of the account {{object.userName}}.',
      after: notMe.en,
    },
    {
      ...{ subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse', link: 'Diese Adresse verwenden' },
      text: 'Dies soll die neue Adresse des Kontos {{object.userName}} werden.',
      after: notMe.de,
    },
  ),
}
