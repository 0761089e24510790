import type { Ctx } from '../context.ts'
import { CheckboxField, CheckboxGroup, RadioGroup } from './choices.tsx'
import { DateField } from './date-field.tsx'
import { ErrorSummary } from './errors.tsx'
import { FileField, Lines, SelectField, TextArea, TextField } from './fields.tsx'

/** Every kind of field, plain and wrong, with the summary that leads to the wrong ones. */
export function DesignFields({ ctx }: { ctx: Ctx }) {
  const wrong = { closing: ctx.t('ui.design.field.closing.error'), code: ctx.t('ui.design.field.code.error') }
  const payers = ['employer', 'worker', 'unknown'].map((value) => ({ value, label: ctx.t(`ui.design.payer.${value}`) }))
  const countries = ['TJ', 'KR'].map((value) => ({ value, label: ctx.t(`ui.design.country.${value}`) }))
  return (
    <>
      <ErrorSummary ctx={ctx} errors={wrong} still />
      <form novalidate>
        <TextField
          name="employer"
          label={ctx.t('ui.design.field.employer')}
          hint={ctx.t('ui.design.field.employer.hint')}
          options={['Чашма', 'Равшан']}
        />
        <DateField
          ctx={ctx}
          name="closing"
          label={ctx.t('ui.design.field.closing')}
          value={{ day: '31', month: '02', year: '2027' }}
          error={wrong.closing}
        />
        <TextField
          name="code"
          label={ctx.t('ui.design.field.code')}
          width="digits"
          inputmode="numeric"
          value="204 118"
          error={wrong.code}
        />
        <SelectField name="country_code" label={ctx.t('ui.design.country')} empty="—" options={countries} value="TJ" />
        <TextArea name="text" label={ctx.t('ui.design.field.text')} hint={ctx.t('ui.design.field.text.hint')} />
        <FileField name="file" label={ctx.t('ui.design.step.file')} hint="CSV, XLSX" accept=".csv,.xlsx" />
        <RadioGroup name="payer" label={ctx.t('ui.design.payer')} options={payers} value="employer" />
        <CheckboxGroup name="countries" label={ctx.t('ui.design.country')} options={countries} values={['KR']} beside />
        <Lines id="lines" label={ctx.t('ui.design.payer')}>
          {countries.map(({ value, label }) => (
            <SelectField name={`payer_${value}`} label={label} empty="–" options={payers} />
          ))}
        </Lines>
        <CheckboxField
          name="agreed"
          label={ctx.t('ui.design.field.agreed')}
          follow={<TextField name="who" label={ctx.t('ui.design.field.employer')} />}
        />
      </form>
    </>
  )
}
