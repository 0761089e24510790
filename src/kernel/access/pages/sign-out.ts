import { definePage, seeOther } from '../../http/page.ts'
import { clearSessionCookie, endSession } from '../sessions.ts'

/** Ends the session. */
export const signOutPage = definePage({
  path: '/sign-out',
  access: 'staff',
  async post(ctx, c) {
    await endSession(ctx)
    clearSessionCookie(ctx, c)
    return seeOther(ctx, c, '/sign-in?out=1')
  },
})
