/** The journey that people go through while servers and stores fail. */
import { builtIn, failure, success } from '../../../src/journey/built-in/journey.ts'
import { passwordThen } from '../../race/journey/steps.ts'

/** A name, a password, and a choice of which one leads to a session. */
export const walked = builtIn('', {
  name: { type: 'UsernameCollectorNode', to: { outcome: 'word' } },
  ...passwordThen('choose'),
  choose: {
    type: 'ChoiceCollectorNode',
    settings: { choices: ['stay', 'leave'], defaultChoice: 'stay', prompt: '' },
    to: { stay: success, leave: failure },
  },
})

export const walkedName = 'Walked'
