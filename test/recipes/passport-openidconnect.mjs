import express from 'express'
import session from 'express-session'
import passport from 'passport'
import OpenIDConnectStrategy from 'passport-openidconnect'

const { ISSUER, BASE_URL, CLIENT_ID, CLIENT_SECRET } = process.env
const discovery = await fetch(`${ISSUER}/.well-known/openid-configuration`)
const { authorization_endpoint, token_endpoint, userinfo_endpoint } = await discovery.json()

passport.use(
  new OpenIDConnectStrategy(
    {
      issuer: ISSUER,
      authorizationURL: authorization_endpoint,
      tokenURL: token_endpoint,
      userInfoURL: userinfo_endpoint,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: `${BASE_URL}/callback`,
      scope: ['profile', 'email'],
      skipUserProfile: false, // asks userinfo: the ID token says only who it is
    },
    (_issuer, profile, done) => done(null, profile),
  ),
)
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user, done) => done(null, user))

const app = express()
app.use(session({ secret: 'a long text of your own', resave: false, saveUninitialized: false }))
app.use(passport.authenticate('session'))
app.get('/login', passport.authenticate('openidconnect'))
app.get('/callback', passport.authenticate('openidconnect', { successRedirect: '/' }))
app.get('/', (request, response) => response.json(request.user ?? {}))
app.listen(new URL(BASE_URL).port)
