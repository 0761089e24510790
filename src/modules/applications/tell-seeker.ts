import { isLang, LANGUAGES } from '#kernel/i18n/languages.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import type { Facts } from './profile.ts'
import { openFor } from './sealing.ts'

/** A neutral text message, to whoever has said that one is safe. What it is about they read in *My case*. */
export const tellSeekerJob = defineJob<{ application: string; act: string }>({
  async run(ctx, { application, act }) {
    const found = await ctx.db
      .selectFrom('applications.application as a')
      .innerJoin('applications.seeker as s', 's.id', 'a.seeker_id')
      .select(['s.id', 's.lang', 's.facts_sealed'])
      .where('a.id', '=', application)
      .where('a.state', '<>', 'withdrawn')
      .executeTakeFirst()
    if (!found?.facts_sealed) return
    const { reach, phone } = openFor<Facts>(ctx, 'seeker.facts', found.id, found.facts_sealed)
    if (reach !== 'sms') return
    const lang = isLang(found.lang) ? found.lang : LANGUAGES[0]
    await ctx.db
      .transaction()
      .execute((db) =>
        sendSms(
          { ...ctx, db },
          { key: 'answer_ready', to: phone, lang, idempotency: `application ${application} ${act}` },
        ),
      )
  },
})
