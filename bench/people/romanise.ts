/** How a name stands in another script: Russian papers, and Latin by several systems that passports, airlines and people use. */
export type Script = 'tajik' | 'keyboard' | 'russian' | 'bgn' | 'icao' | 'common'

const KEYBOARD: Record<string, string> = { ғ: 'г', қ: 'к', ҳ: 'х', ҷ: 'ч', ӣ: 'и', ӯ: 'у' }
const RUSSIAN: Record<string, string> = { ...KEYBOARD, ҷ: 'дж', ъ: '' }
// BGN/PCGN 1994, ICAO Doc 9303 for the Russian spelling, and what people type.
const BGN: Record<string, string> = letters(
  'а=a б=b в=v г=g ғ=gh д=d е=e ё=yo ж=zh з=z и=i ӣ=i й=y к=k қ=q л=l м=m н=n о=o п=p р=r с=s т=t у=u ӯ=u ф=f х=kh ҳ=h ч=ch ҷ=j ш=sh ъ= э=e ю=yu я=ya ц=ts ы=y ь= щ=shch',
)
const ICAO: Record<string, string> = { ...BGN, ...letters('ё=e й=i х=kh ъ=ie ю=iu я=ia') }
const COMMON: Record<string, string> = { ...BGN, ...letters('ғ=g қ=k ҳ=h х=h й=i') }

function letters(pairs: string): Record<string, string> {
  return Object.fromEntries(pairs.split(' ').map((pair) => pair.split('=') as [string, string]))
}

const spell = (name: string, table: Record<string, string>) =>
  Array.from(name, (letter) => {
    const lower = letter.toLowerCase()
    const spelled = table[lower] ?? lower
    return letter === lower ? spelled : spelled.charAt(0).toUpperCase() + spelled.slice(1)
  }).join('')

/** A Tajik name in a script. */
export function inScript(name: string, script: Script): string {
  if (script === 'tajik') return name
  if (script === 'keyboard') return spell(name, KEYBOARD)
  const russian = spell(name, RUSSIAN)
  if (script === 'russian') return russian
  if (script === 'icao') return spell(russian, ICAO)
  return spell(name, script === 'bgn' ? BGN : COMMON)
}
