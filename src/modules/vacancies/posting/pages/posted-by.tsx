import type { Ctx } from '#kernel/context.ts'
import { Pairs } from '#kernel/ui/blocks.tsx'
import { NotStated, Tag } from '#kernel/ui/states.tsx'
import { employerOf } from '#modules/employers/public.ts'
import type { Vacancy } from '../../vacancies.ts'

/** Who posted an advert here itself, and what officers know of it; nothing for adverts that came from elsewhere. */
export async function PostedBy({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const employer = await employerOf(ctx, vacancy)
  if (!employer) return null
  const { t, format } = ctx
  const { kind, licence_no, licence_by, licence_until } = employer
  const licence = [licence_no, licence_by].filter(Boolean).join(', ')
  return (
    <>
      <h2>{t('vacancies.posted_by.title')}</h2>
      <Pairs
        items={[
          [t(`vacancies.posted_by.${kind}`), <span lang={vacancy.lang}>{employer.legal_name}</span>],
          [
            t('vacancies.posted_by.checked'),
            employer.state === 'verified' ? (
              <Tag state="ok">{t('vacancies.posted_by.since', { date: format.date(employer.verified_at) })}</Tag>
            ) : (
              <Tag state="stop">{t('vacancies.posted_by.suspended')}</Tag>
            ),
          ],
          kind === 'agency' && [
            t('vacancies.posted_by.licence'),
            licence ? (
              <>
                {licence}
                {licence_until && ` · ${t('vacancies.posted_by.until', { date: format.date(licence_until) })}`}
              </>
            ) : (
              <NotStated ctx={ctx} />
            ),
          ],
          [t('vacancies.posted_by.phone'), <a href={`tel:${employer.phone}`}>{employer.phone}</a>],
        ]}
      />
      <p class="quiet">{t('vacancies.posted_by.compare')}</p>
    </>
  )
}
