import { localPath } from '#kernel/http/page.ts'
import type { PersonPanel } from '#kernel/module.ts'
import { Table } from '#kernel/ui/table.tsx'
import { measuresOfPerson, refusalsOfPerson } from './measures.ts'
import { BATCHES } from './notices.ts'
import { orNotStated, StatusTag, TermCell } from './pages/words.tsx'

/** Measures and refusals at the border on the page of a person, each for itself. */
export const measuresPanel: PersonPanel = {
  permission: 'expulsion.read',
  title: 'expulsions.panel.title',
  async render(ctx, personId) {
    const { t, format } = ctx
    const measures = await measuresOfPerson(ctx, personId)
    const refusals = await refusalsOfPerson(ctx, personId)
    if (measures.length + refusals.length === 0) return null
    return (
      <>
        {measures.length > 0 && (
          <Table
            caption={t('expulsions.panel.measures')}
            columns={['measure', 'term', 'ground', 'status'].map((key) => ({
              label: t(`expulsions.rows.column.${key}`),
            }))}
            rows={measures.map((measure) => [
              <a href={localPath(ctx, `${BATCHES}/measures/${measure.reference}`)}>
                {t(`expulsions.code.measure.${measure.kind}`)}
              </a>,
              <TermCell ctx={ctx} row={measure} />,
              orNotStated(ctx, measure.ground),
              <StatusTag ctx={ctx} status={measure.status} />,
            ])}
          />
        )}
        {refusals.length > 0 && (
          <Table
            caption={t('expulsions.panel.refusals')}
            columns={['date', 'point', 'ground'].map((key) => ({ label: t(`expulsions.refusal.${key}`) }))}
            rows={refusals.map((refusal) => [
              <>
                {orNotStated(ctx, refusal.refused_on && format.date(refusal.refused_on))}
                {refusal.before.map(({ refused_on, border_point, ground }) => (
                  <p class="quiet">
                    {t('expulsions.refusal.before', {
                      facts:
                        [refused_on && format.date(Temporal.PlainDate.from(refused_on)), border_point, ground]
                          .filter(Boolean)
                          .join(' · ') || t('ui.not_stated'),
                    })}
                  </p>
                ))}
              </>,
              orNotStated(ctx, refusal.border_point),
              orNotStated(ctx, refusal.ground),
            ])}
          />
        )}
      </>
    )
  },
}
