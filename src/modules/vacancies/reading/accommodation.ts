import { quoteOf, type Sentence, type Stated, sentencesOf } from './sentences.ts'

const HOME_RU =
  '(?:жиль[её]м?|жиль[яю]|общежити\\p{L}*|проживани\\p{L}*|хостел\\p{L}*|служебн\\p{L}* (?:жиль|квартир)\\p{L}*)'
const HOME_TG =
  '(?:хобгоҳ\\p{L}*|манзил\\p{L}*|ҷои (?:зист|хоб|истиқомат)|ҷойи (?:зист|хоб|истиқомат)|хонаи истиқоматӣ|истиқомат)'
const HOME_EN = '(?:accommodation|housing|lodging|dormitory|hostel|room and board|living quarters)'

const REFUSED = [
  new RegExp(
    `${HOME_RU}(?:(?! но )[^.,]){0,40}(?:не (?:предоставля|предусмотр|обеспечива|оплачива|дае)|нет(?!\\p{L})|за (?:свой|собственный) сч|самостоятельно|отсутству)`,
    'u',
  ),
  new RegExp(`(?:без(?: предоставления)?|нет|не (?:предоставля\\p{L}*|обеспечива\\p{L}*)) ${HOME_RU}`, 'u'),
  new RegExp(
    `${HOME_TG}[^.,]{0,40}(?:намедиҳ|дода намеш|нест(?!\\p{L})|таъмин намеш|аз ҳисоби худ|бо ҳисоби худ)`,
    'u',
  ),
  new RegExp(`бе ${HOME_TG}`, 'u'),
  new RegExp(
    `\\b(?:no|without) ${HOME_EN}|\\b${HOME_EN}\\b[^.,]{0,30}\\b(?:not (?:provided|included|available|offered)|at (?:your|own) (?:own )?(?:cost|expense))`,
    'u',
  ),
]

const OFFERED = [
  new RegExp(`(?:предостав|обеспечи|дае[мт]|оплачива|выделя)\\p{L}*(?: \\p{L}+){0,4}? ${HOME_RU}`, 'u'),
  new RegExp(
    `${HOME_RU}(?:(?! не )[^.,]){0,40}(?:предостав|обеспечи|оплачива|бесплатн|за сч[её]т (?:компани|работодател|организаци|предприят)|включен|гарант)`,
    'u',
  ),
  new RegExp(`(?:бесплатн|комфортн|благоустроенн|служебн)\\p{L}* (?:жиль|общежити|проживани|квартир)`, 'u'),
  /(?:с|есть|имеется) (?:проживани\p{L}+|общежити\p{L}+|жиль[её]м?|предоставлением жилья)(?!\p{L})/u,
  /тип жилья\s*[:–-]/u,
  // A list of what is given: `Общежитие`, `Питание, проживание`.
  /^(?:(?:бесплатн\p{L}*|питани\p{L}*|спецодежд\p{L}*|проезд|трансфер)[ ,+и]*)*(?:общежити[ея]|жиль[её]|проживание|хостел)(?:[ ,+и]*(?:питание|проезд|спецодежда|трансфер|бесплатно|от компании))*[.!]?$/u,
  new RegExp(`${HOME_TG}[^.,]{0,40}(?:дода мешав|медиҳ|таъмин|ройгон|бепул|аз ҳисоби корфармо|ҳаст)`, 'u'),
  new RegExp(`(?:бо|таъмин бо) ${HOME_TG}|(?:ройгон|бепул)(?:и)? ${HOME_TG}|^${HOME_TG}(?: ва \\p{L}+)?[.!]?$`, 'u'),
  new RegExp(
    `\\b${HOME_EN}\\b(?:(?! not )[^.,]){0,40}\\b(?:provided|included|free|available|offered|paid)|\\b(?:free|provided?s?|company|shared|staff|employer) ${HOME_EN}|\\bwith ${HOME_EN}|^${HOME_EN}(?: and \\w+)?[.!]?$`,
    'u',
  ),
]

// Homes that are the object of the work, bought, or where the applicant lives now.
const OTHER_HOMES =
  /продаж\p{L}* жиль|жил\p{L}+ недвижим|приобретени\p{L}* жиль|покупк\p{L}* жиль|ипотек|мест\p{L}* (?:жительств|проживани)|рядом с домом|уборк\p{L}* (?:в|помещени)|комендант|(?:компенсаци|частичн)\p{L}* (?:\p{L}+ )?(?:аренд|найм|съем|проживани|жиль)\p{L}*/gu

/**
 * Whether the words offer a place to live, with the sentence that says so; null when they do not speak of it. A compensation
 * for rent is no place to live, and cleaning a hostel is none either.
 */
export function readAccommodation(text: string): Stated<boolean> | null {
  const sentences = sentencesOf(text).map(
    (sentence): Sentence => ({ ...sentence, plain: sentence.plain.replace(OTHER_HOMES, ' · ') }),
  )
  const refused = quoteOf(sentences, REFUSED)
  if (refused) return { value: false, quote: refused }
  const offered = quoteOf(sentences, OFFERED)
  return offered ? { value: true, quote: offered } : null
}
