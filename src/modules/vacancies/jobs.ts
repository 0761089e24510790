import { defineJob } from '#kernel/jobs/job.ts'

/** How long the words of a report are kept: as long as somebody may come back to them. Stated on the privacy page. */
const STORY_MONTHS = 12

/** Forgets what reporters told in their own words after twelve months; that and why they reported stays countable. */
export const forgetStoriesJob = defineJob({
  async run({ db, now }) {
    const limit = now.toZonedDateTimeISO('UTC').subtract({ months: STORY_MONTHS }).toInstant()
    await db
      .updateTable('vacancies.report')
      .set({ story: null })
      .where('reported_at', '<', limit)
      .where('story', 'is not', null)
      .execute()
  },
})
