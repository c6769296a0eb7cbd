/**
 * Passwords of eight and more characters that stand at the top of every list of stolen ones, in small letters. Longer
 * lists are for a service that is asked; these are what is tried first at every account there is.
 */
export const widespreadPasswords: ReadonlySet<string> = new Set(
  (
    'password password1 password12 password123 passw0rd p@ssw0rd p@ssword 12345678 123456789 ' +
    '1234567890 0123456789 87654321 987654321 11111111 00000000 88888888 99999999 12341234 ' +
    '11223344 12121212 123123123 147258369 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qwertyui qwertyuiop ' +
    'qwerty12 qwerty123 qwerty1234 q1w2e3r4 asdfghjkl asdfasdf asdf1234 zxcvbnm1 zaq12wsx ' +
    'abcd1234 abc12345 abcdefgh abcdefg1 a1b2c3d4 aa123456 123456789a a123456789 password! ' +
    'password1! iloveyou iloveyou1 sunshine princess football baseball superman trustno1 whatever ' +
    'starwars computer michelle jennifer corvette mercedes internet samantha victoria midnight ' +
    'elephant dolphins welcome1 welcome123 letmein1 letmein123 changeme changeme1 changeit ' +
    'administrator admin123 admin1234 administrator1 default1 secret123 testtest test1234 ' +
    'testing1 google123 dragon123 monkey123 master123 charlie1 jordan23 michael1 liverpool ' +
    'chelsea1 arsenal1 pokemon1 minecraft fuckyou1 blink182 passwort passwort1 hallo123 schatz123 ' +
    'qwertz123 motdepasse azertyuiop soleil123 contraseña'
  ).split(' '),
)
