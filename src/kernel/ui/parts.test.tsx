import { describe, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { formatOf } from '../i18n/format.ts'
import { buildCatalogue, translator } from '../i18n/translate.ts'
import { Button } from './buttons.tsx'
import { CheckboxField, RadioGroup } from './choices.tsx'
import { contrast, readColours } from './colours.ts'
import { DateField, readDate } from './date-field.tsx'
import { ErrorSummary, inOrder } from './errors.tsx'
import { HiddenField, SelectField, TextField } from './fields.tsx'
import { Icon, sprite } from './icons.tsx'
import { Pager, Seek } from './lists.tsx'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { Progress } from './progress.tsx'
import { Steps } from './road.tsx'
import { Aside, Table, WholeCards } from './table.tsx'

const catalogue = buildCatalogue([{ name: 'ui', messages: { tg, ru, en } }])
const ctx = { lang: 'en', t: translator(catalogue, 'en'), format: formatOf('en') } as Ctx
const html = (element: unknown) => String(element)

describe('icons', () => {
  test('a page carries each symbol it uses once, and no other', () => {
    const page = html(
      <p>
        <Icon name="pin" />
        <Icon name="pin" />
        <Icon name="s-ok" />
      </p>,
    )
    const symbols = [...sprite(page).matchAll(/<symbol id="([^"]+)"/g)].map(([, id]) => id)
    expect(symbols).toEqual(['i-pin', 'i-s-ok'])
  })

  test('a page without icons carries nothing, and unknown names are no symbols', () => {
    expect(sprite('<p>no icon</p>')).toBe('')
    expect(sprite('<use href="#i-constructor">')).toBe('')
  })
})

describe('fields', () => {
  test('a wrong field is tied to its label, hint and error', () => {
    const field = html(<TextField name="code" label="Code" hint="Six digits" error="Write it again." value="12" />)
    expect(field).toContain('<label for="code">')
    expect(field).toContain('aria-describedby="code-hint code-error"')
    expect(field).toContain('aria-invalid="true"')
    expect(field).toContain('id="code-hint"')
    expect(field).toMatch(/id="code-error">.*Write it again\./)
    expect(field).toContain('value="12"')
  })

  test('a field without hint and error claims neither', () => {
    expect(html(<TextField name="code" label="Code" />)).not.toMatch(/aria-|wrong|hint/)
  })

  test('what a person typed cannot become markup', () => {
    expect(html(<TextField name="q" label="Q" value={'"><script>'} />)).not.toContain('<script>')
    expect(html(<TextField name="q" label="Q" error={'<b>'} />)).not.toContain('<b>')
  })

  test('a choice is made only by its value', () => {
    const options = [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ]
    expect(html(<RadioGroup name="x" label="X" options={options} />)).not.toContain('checked')
    expect(html(<RadioGroup name="x" label="X" options={options} value="b" />)).toMatch(/value="b" checked/)
    expect(html(<SelectField name="x" label="X" options={options} value="a" />)).toMatch(/value="a" selected/)
  })

  test('errors stand in the order of the page, what the page does not ask last', () => {
    expect(Object.keys(inOrder({ other: 1, wish: 2, name: 3 }, ['name', 'phone', 'wish']))).toEqual([
      'name',
      'wish',
      'other',
    ])
  })

  test('the error summary leads to the first control of a group, a date and a tick', () => {
    expect(html(<ErrorSummary ctx={ctx} errors={{ payer: 'Choose one.', day: 'No such day.' }} />)).toMatch(
      /2 things.*#payer.*#day/s,
    )
    expect(
      html(<RadioGroup name="payer" label="Who" options={[{ value: 'a', label: 'A' }]} error="Choose one." />),
    ).toMatch(/type="radio" id="payer"/)
    expect(html(<DateField ctx={ctx} name="day" label="Day" error="No such day." />)).toMatch(
      /<input id="day" class="day" name="day_day"/,
    )
    expect(html(<CheckboxField name="agreed" label="Yes" error="Tick it." />)).toMatch(/<input id="agreed"/)
    expect(html(<ErrorSummary ctx={ctx} errors={{}} />)).not.toContain('alert')
  })

  test('a page with errors opens at them, without script too; a specimen does not', () => {
    const summary = (still: boolean) => html(<ErrorSummary ctx={ctx} errors={{ a: 'Choose one.' }} still={still} />)
    expect(summary(false)).toContain('<div class="errors" role="alert" tabindex="-1" autofocus="">')
    expect(summary(true)).not.toContain('autofocus')
  })

  test('a hidden field without a value is left out', () => {
    expect(html(<HiddenField name="q" value={null} />)).not.toContain('input')
    expect(html(<HiddenField name="q" value="" />)).toContain('value=""')
  })

  test('three small fields say a day, or none', () => {
    expect(readDate({ day: '7', month: '3', year: '1994' })?.toString()).toBe('1994-03-07')
    for (const [day, month, year] of [
      ['31', '2', '2027'],
      ['', '2', '2027'],
      ['1.5', '2', '2027'],
      ['x', '1', '2027'],
      ['0', '0', '0'],
      ['7', '3', '26'],
    ]) {
      expect(readDate({ day, month, year })).toBeNull()
    }
  })

  test('a disabled button says so and sends nothing', () => {
    expect(html(<Button disabled>Wait</Button>)).toBe(
      '<button class="btn" type="button" aria-disabled="true">Wait</button>',
    )
  })
})

describe('lists', () => {
  test.each([
    [<Pager ctx={ctx} from={1} shown={20} total={1284} next="?b" />, '1–20 of 1,284'],
    [<Pager ctx={ctx} from={1281} shown={4} total={1284} previous="?a" />, '1,281–1,284 of 1,284'],
    [<Pager ctx={ctx} from={21} shown={20} total={{ atLeast: 1000 }} next="?b" />, '21–40 of more than 1,000'],
    [<Pager ctx={ctx} shown={20} total={57} next="?b" />, '20 of 57 shown'],
  ])('a pager says where one is (%#)', (pager, words) => {
    expect(html(pager)).toContain(words)
  })

  test('no pager where everything is on the page', () => {
    expect(html(<Pager ctx={ctx} from={1} shown={12} total={12} />)).not.toContain('nav')
    expect(html(<Pager ctx={ctx} shown={0} total={0} next="?b" />)).not.toContain('nav')
  })

  test('a search keeps what else was chosen', () => {
    expect(
      html(
        <Seek
          label="Search"
          keep={[
            ['country', 'TJ'],
            ['country', 'KR'],
          ]}
        />,
      ),
    ).toMatch(/name="country" value="TJ".*name="country" value="KR"/s)
  })

  test('cells on a phone carry the names of their columns', () => {
    const table = html(
      <Table caption="Pay" columns={[{ label: 'Cost' }, { label: 'Who pays' }]} rows={[['Housing', 'Employer']]} />,
    )
    expect(table).toContain('<th scope="row">Housing</th>')
    expect(table).toContain('<td data-h="Who pays">Employer</td>')
  })

  test('a short card leaves cells away until the checkbox before it asks for all', () => {
    const table = html(
      <>
        <WholeCards label="All of it" />
        <Table
          caption="Pay"
          narrow="short"
          columns={[{ label: 'Cost' }, { label: 'Who', card: 'with' }, { label: 'Why' }]}
          rows={[['Housing', 'Employer', new Aside('Law')]]}
        />
      </>,
    )
    expect(table).toMatch(
      /<label class="pick whole"><input type="checkbox"[^>]*\/><span>All of it<.*<table class="stack short">/s,
    )
    expect(table).toContain('<td class="with" data-h="Who">Employer</td><td class="away" data-h="Why">Law</td>')
  })
})

describe('progress', () => {
  test.each([
    [0, 10, '0'],
    [5, 10, '50'],
    [12, 10, '100'],
    [1, null, '0'],
    [1, 3, '33.3'],
  ])('%s of %s fills %s hundredths', (value, max, width) => {
    expect(
      html(
        <Progress value={value as number} max={max as number | null}>
          words
        </Progress>,
      ),
    ).toContain(`<rect width="${width}"`)
  })

  test('steps say in words which one it is', () => {
    expect(html(<Steps ctx={ctx} steps={['File', 'Check', 'Report']} current={2} />)).toContain(
      'aria-label="Step 2 of 3: Check"',
    )
    expect(html(<Steps ctx={ctx} steps={4} current={2} />).match(/class="done"/g)).toHaveLength(2)
  })
})

describe('colours', () => {
  test('text and control lines stand out enough from every surface they are used on', () => {
    const colours = Object.fromEntries(readColours().map(({ name, hex }) => [name, hex]))
    const ratio = (a: string, b: string) => contrast(colours[a]!, colours[b]!)
    for (const surface of [
      'sand-0',
      'sand-50',
      'white',
      'lapis-50',
      'apricot-50',
      'mulberry-50',
      'pistachio-50',
      'pomegranate-50',
    ]) {
      for (const text of ['ink-900', 'ink-600', 'lapis-700', 'lapis-900'])
        expect(ratio(text, surface), `${text} on ${surface}`).toBeGreaterThan(4.5)
    }
    for (const [text, surface] of [
      ['apricot-800', 'apricot-50'],
      ['mulberry-700', 'mulberry-50'],
      ['pistachio-700', 'pistachio-50'],
      ['pomegranate-600', 'pomegranate-50'],
      ['white', 'lapis-700'],
      ['white', 'pomegranate-600'],
    ]) {
      expect(ratio(text!, surface!), `${text} on ${surface}`).toBeGreaterThan(4.5)
    }
    expect(ratio('sand-500', 'sand-0')).toBeGreaterThan(3)
    expect(contrast('#000', '#fff')).toBeCloseTo(21)
  })
})
