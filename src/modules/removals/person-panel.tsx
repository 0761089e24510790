import { localPath } from '#kernel/http/page.ts'
import type { PersonPanel } from '#kernel/module.ts'
import { Table } from '#kernel/ui/table.tsx'
import { REMOVALS } from './pages/paths.ts'
import { removalsOfPerson } from './removals.ts'

/** How a person was carried back, for who watches over removals. */
export const removalsPanel: PersonPanel = {
  permission: 'removal.oversee',
  title: 'removals.panel.title',
  async render(ctx, personId) {
    const { t, format } = ctx
    const removals = await removalsOfPerson(ctx, personId)
    if (removals.length === 0) return null
    return (
      <Table
        caption={t('removals.panel.title')}
        hidden
        columns={['left_on', 'category', 'carrier', 'route'].map((key) => ({ label: t(`removals.fact.${key}`) }))}
        rows={removals.map((removal) => [
          <a href={localPath(ctx, `${REMOVALS}/${removal.reference}`)}>{format.date(removal.left_on)}</a>,
          t(`removals.code.category.${removal.category}`),
          [removal.carrier_name, removal.service].filter(Boolean).join(', '),
          `${removal.origin} – ${removal.destination}`,
        ])}
      />
    )
  },
}
