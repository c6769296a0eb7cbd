import type { OwnAccountMessages } from './own-account.ts'

export const enOwnAccount: OwnAccountMessages = {
  resume: {
    title: 'Go on here?',
    text: 'You opened a link from an email. Go on only if you asked for it.',
    button: 'Continue',
  },
  begin: 'Going on may send you a message or change your account. Go on only if you want that.',
  beginAgain: 'Begin again',
  expired: 'This link has expired, or has been used. Please begin again.',
  links: {
    password: 'Forgot password?',
    name: 'Forgot name?',
    account: 'Create an account',
    email: 'Change your email address',
  },
  picture: 'QR code for your authenticator app',
  key: 'Or enter this key there:',
  codes:
    'Each of these codes lets you in once, should you lose your device. Write them down now: they are not shown again.',
}
