import { setting, text, textMap, texts, whole } from '../../protocol/setting.ts'

const own = 'parapetConfig'

/** How people log in. */
export const journeyProvider = {
  defaultJourney: setting(
    own,
    'defaultJourney',
    text,
    'Login',
    'Journey when nothing else names one.',
  ),
  journeys: setting(
    own,
    'journeys',
    texts,
    ['Login', 'Password'],
    'Of the journeys that every realm has from the start, those that are enabled until one of that name is saved.',
  ),
  journeyAliases: setting(
    own,
    'journeyAliases',
    textMap,
    {},
    'Other names of journeys: name → journey.',
  ),
  loginSuccessUrl: setting(
    own,
    'loginSuccessUrl',
    texts,
    [],
    'Where a login leads that has neither `goto` nor a journey’s own place to go (PingAM: `loginSuccessUrl`). The first that is a URL or a path counts.',
  ),
  loginFailureUrl: setting(
    own,
    'loginFailureUrl',
    texts,
    [],
    'The same for a login that fails (PingAM: `loginFailureUrl`). None: the page asks again.',
  ),
  journeyMaxDuration: setting(
    own,
    'journeyMaxDuration',
    whole(1, 1440),
    5,
    'Minutes a journey may take (PingAM: `authenticationSessionsMaxDuration`), unless its tree says otherwise.',
  ),
  journeySuspendedDuration: setting(
    own,
    'journeySuspendedDuration',
    whole(1, 525_600),
    5,
    'Minutes a suspended journey waits (PingAM: `suspendedAuthenticationTimeout`), unless its node says otherwise.',
  ),
} as const
