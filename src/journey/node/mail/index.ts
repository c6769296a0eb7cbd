import type { NodeType } from '../../journey.ts'
import { emailSuspend } from './email-suspend.ts'
import { emailTemplate } from './email-template.ts'
import { oneTimePasswordCollector } from './one-time-password-collector.ts'
import { oneTimePasswordGenerator } from './one-time-password-generator.ts'
import { smsSender } from './one-time-password-sms.ts'
import { smtpSender } from './one-time-password-smtp.ts'

/** Nodes that write to somebody, and what is proven by that. */
export const mailNodes: readonly NodeType[] = [
  ...[emailSuspend, emailTemplate],
  ...[oneTimePasswordGenerator, smtpSender, smsSender, oneTimePasswordCollector],
]
