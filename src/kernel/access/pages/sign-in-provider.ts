import { definePage, localPath, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { describeAgent } from '../agent.ts'
import { sentDevices } from '../devices.ts'
import { beginAtProvider, CALLBACK, endAtProvider, hasProvider } from '../oidc.ts'
import { sessionToken } from '../sessions.ts'
import { signInByProvider } from '../sign-in.ts'
import { askedFor, enterWorkspace } from './enter.ts'

/** On to the outside sign-in service, where one is configured. */
export const providerPage = definePage({
  path: '/sign-in/provider',
  access: 'sign-in',
  async get(ctx, c) {
    if (!hasProvider(ctx)) throw problem('not_found')
    const back = askedFor(c.req.query('return')) ?? null
    const address = await beginAtProvider(ctx, c, back).catch((error: Error) => {
      ctx.log.warn({ reason: error.message }, 'the outside sign-in service cannot be reached')
      throw problem('unavailable', { detail: 'access.sign_in.provider_away' })
    })
    return c.redirect(address, 303)
  },
})

/** Back from there: into the account that has the e-mail address it vouches for. */
export const providerReturnPage = definePage({
  path: CALLBACK,
  access: 'sign-in',
  async get(ctx, c) {
    if (!hasProvider(ctx)) throw problem('not_found')
    const answer = await endAtProvider(ctx, c)
    if (!answer?.email) return seeOther({ ...ctx, lang: answer?.lang ?? ctx.lang }, c, '/sign-in?provider=refused')
    const agent = describeAgent(c.req.header('user-agent'))
    const result = await signInByProvider(ctx, {
      email: answer.email,
      agent,
      devices: sentDevices(ctx, c),
      former: sessionToken(c),
    })
    if (result.kind === 'signed_in') return enterWorkspace(ctx, c, result, answer.back ?? undefined)
    return c.redirect(localPath({ lang: answer.lang }, '/sign-in?provider=refused'), 303)
  },
})
