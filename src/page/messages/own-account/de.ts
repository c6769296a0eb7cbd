import type { OwnAccountMessages } from './own-account.ts'

export const deOwnAccount: OwnAccountMessages = {
  resume: {
    title: 'Hier fortfahren?',
    text: 'Sie haben einen Link aus einer E-Mail geöffnet. Fahren Sie nur fort, wenn Sie das angefordert haben.',
    button: 'Weiter',
  },
  begin:
    'Wenn Sie fortfahren, kann Ihnen eine Nachricht geschickt oder Ihr Konto geändert werden. Fahren Sie nur fort, wenn Sie das möchten.',
  beginAgain: 'Noch einmal beginnen',
  expired: 'Dieser Link ist abgelaufen oder wurde schon benutzt. Bitte beginnen Sie noch einmal.',
  links: {
    password: 'Passwort vergessen?',
    name: 'Benutzernamen vergessen?',
    account: 'Konto anlegen',
    email: 'E-Mail-Adresse ändern',
  },
  picture: 'QR-Code für Ihre Authenticator-App',
  key: 'Oder geben Sie dort diesen Schlüssel ein:',
  codes:
    'Mit jedem dieser Codes kommen Sie einmal hinein, falls Sie Ihr Gerät verlieren. Schreiben Sie sie jetzt auf: Sie werden nicht noch einmal angezeigt.',
}
