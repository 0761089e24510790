import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { listOrganisations, nameOf } from '#kernel/organisations/organisations.ts'
import { placePath, resolvePlace } from '#kernel/places/places.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import {
  employmentOffices,
  HOME_HELP,
  listDistrictOffices,
  markEmploymentOffice,
  setDistrictOffice,
} from '../home-help.ts'

/** Where it is said which organisations are employment offices, and which employment office serves which district. */
export const DISTRICT_OFFICES = `${HOME_HELP}/offices`

const Served = z.object({
  place: z.string('expulsions.proceeding.place_missing').max(200),
  office: z.uuid('expulsions.routes.office_missing').optional(),
  end: z.literal('yes').optional(),
})

const Marked = z.object({ mark: z.uuid('expulsions.routes.office_missing') })

/** Which employment office serves which district: by it, the home district of a person chooses who offers them work. */
export const districtOfficesPage = definePage({
  path: DISTRICT_OFFICES,
  access: 'expulsion.route',
  get: (ctx) => <Offices ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    if (form.has('mark')) {
      const marked = readForm(Marked, form)
      if (!marked.ok) {
        c.status(422)
        return <Offices ctx={ctx} values={marked.values} errors={marked.errors} />
      }
      await markEmploymentOffice(ctx, marked.value.mark)
      return seeOther(ctx, c, DISTRICT_OFFICES)
    }
    const read = readForm(Served, form)
    const errors: FormErrors = read.ok ? {} : { ...read.errors }
    const place = read.ok ? await resolvePlace(ctx, read.value.place) : null
    if (read.ok && !place) errors.place = 'expulsions.proceeding.place_unknown'
    if (read.ok && !read.value.office && !read.value.end) errors.office = 'expulsions.routes.office_missing'
    if (!read.ok || !place || errors.office) {
      c.status(422)
      return <Offices ctx={ctx} values={read.values} errors={errors} />
    }
    await setDistrictOffice(ctx, place.code, read.value.end ? null : read.value.office!)
    return seeOther(ctx, c, DISTRICT_OFFICES)
  },
})

async function Offices({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t, format } = ctx
  const served = await listDistrictOffices(ctx)
  const marked = await employmentOffices(ctx)
  const authorities = (await listOrganisations(ctx))
    .filter(({ kind, closed_at }) => kind === 'authority' && !closed_at)
    .map((office) => ({ value: office.id, label: nameOf(office, ctx.lang) }))
    .sort((a, b) => format.compare(a.label, b.label))
  const words = errorTexts(ctx, errors)
  return (
    <WorkPage ctx={ctx} title={t('expulsions.home.offices')} current={DISTRICT_OFFICES}>
      <Headline title={t('expulsions.home.offices')} lead={t('expulsions.home.offices_lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      {served.length === 0 ? (
        <Empty title={t('expulsions.home.offices_empty')} />
      ) : (
        <Table
          caption={t('expulsions.home.offices')}
          hidden
          columns={['place', 'office', 'end'].map((key) => ({ label: t(`expulsions.home.column.${key}`) }))}
          rows={
            await Promise.all(
              served.map(async ({ place_code, office }) => [
                await placePath(ctx, place_code),
                office,
                <form method="post" action={localPath(ctx, DISTRICT_OFFICES)}>
                  <input type="hidden" name="place" value={place_code} />
                  <input type="hidden" name="end" value="yes" />
                  <Button kind="plain">
                    {t('expulsions.routes.end')}
                    <span class="vh">: {office}</span>
                  </Button>
                </form>,
              ]),
            )
          }
        />
      )}
      <form method="post" class="card flow">
        <h2>{t('expulsions.home.offices_new')}</h2>
        <TextField
          name="place"
          label={t('expulsions.home.column.place')}
          hint={t('expulsions.home.place_hint')}
          value={values.place}
          error={words.place}
          maxlength={200}
        />
        <SelectField
          name="office"
          label={t('expulsions.home.column.office')}
          value={values.office}
          error={words.office}
          empty={t('ui.choose')}
          options={authorities.filter(({ value }) => marked.has(value))}
        />
        <Button>{t('expulsions.home.offices_set')}</Button>
      </form>
      <form method="post" class="card flow">
        <h2>{t('expulsions.home.mark_office')}</h2>
        <p class="quiet">{t('expulsions.home.mark_office_lead')}</p>
        <SelectField
          name="mark"
          label={t('expulsions.home.mark_which')}
          value={values.mark}
          error={words.mark}
          empty={t('ui.choose')}
          options={authorities.filter(({ value }) => !marked.has(value))}
        />
        <Button kind="second">{t('expulsions.home.mark_office_done')}</Button>
      </form>
    </WorkPage>
  )
}
