import type { ImportField } from '#kernel/imports/kind.ts'
import { SOURCES } from './advert.ts'
import {
  readAmount,
  readCurrency,
  readDay,
  readList,
  readOneOf,
  readPay,
  readText,
  readUrl,
  readWhole,
  readYesNo,
} from './cells.ts'
import { readCountry } from './countries.ts'
import { FACTS } from './facts.ts'

const field = (
  name: string,
  read: ImportField['read'],
  headings: string,
  more?: Partial<ImportField>,
): ImportField => ({
  name,
  label: `vacancies.column.${name}`,
  headings: headings.split('|').map((heading) => heading.trim()),
  read,
  ...more,
})

const PERIODS = {
  hour: /час|hour|соат/,
  shift: /смен|shift|баст/,
  day: /день|дня|day|daily|руз/,
  week: /недел|week|хафта/,
  month: /мес|month|мох/,
  year: /год|year|annual|сол/,
  total: /всю работу|аккорд|total|piece|пурра/,
}
const TAX = { gross: /gross|до вычета|brutto|брутто|пеш аз андоз/, net: /net|на руки|netto|нетто|пас аз андоз|ба даст/ }
const CONTRACT = {
  none: /без договора|no contract|без оформления|бе шартнома/,
  service: /гпх|гражданско|оказани|самозанят|service|хизматрасони/,
  seasonal: /сезон|season|мавсим/,
  permanent: /бессрочн|постоянн|permanent|indefinite|доими|бемухлат/,
  fixed_term: /срочн|временн|fixed|temporary|term|мухлатнок|муваккат/,
}
const FOREIGNERS = {
  quota: /квот|quota/,
  no: /нет|не |только гражд|no|citizens|не$|танхо шахрванд/,
  yes: /да|yes|true|ха|бале|мумкин/,
}
const PAYER = { employer: /работодател|employer|компани|корфармо/, worker: /работник|worker|employee|сам|коргар/ }
const LANGUAGE = { tg: /тадж|tajik|точик/, ru: /рус|russian/, en: /англ|english|англис/ }

/**
 * Everything an advert can tell, as columns of a file: how such columns are headed in real files, and how a cell is read.
 * Records of portals become cells of these names too (see the other files here), so that there is one way in.
 */
export const ADVERT_COLUMNS: readonly ImportField[] = [
  field(
    'source',
    readOneOf(Object.fromEntries(SOURCES.map((source) => [source, new RegExp(`^${source}`)]))),
    'source|источник|манбаъ',
  ),
  field('source_id', readText, 'id|source_id|номер|номер вакансии|код вакансии|рақам|reference|vacancy_id'),
  field('source_url', readUrl, 'url|source_url|ссылка|link|vac_url|суроға|адрес страницы'),
  field('lang', readOneOf(LANGUAGE), 'lang|language|язык|забон'),
  field(
    'title',
    readText,
    'title|job title|название|вакансия|наименование вакансии|должность|job-name|vacancy_name|position|унвон|ҷойи кор|вазифа|name',
    { required: true },
  ),
  field('profession', readText, 'profession|профессия|occupation|касб|ихтисос'),
  field(
    'employer_name',
    readText,
    'employer|company|работодатель|организация|компания|корфармо|ширкат|employer_name|full_company_name',
  ),
  field('employer_inn', readText, 'inn|инн|company_inn|employer_inn|рми'),
  field('employer_ogrn', readText, 'ogrn|огрн|employer_ogrn'),
  field('country', readCountry, 'country|страна|кишвар|давлат', { required: true }),
  field('region', readText, 'region|регион|область|вилоят|минтақа|regionName|area_name'),
  field('employer_region', readText, 'employer region|регион работодателя|регион регистрации|минтақаи корфармо'),
  field('region_code', readText, 'region_code|код региона|state_region_code'),
  field('place_code', readText, 'place_code|код места|рамзи ҷой'),
  field(
    'workplace',
    readText,
    'workplace|address|адрес|место работы|адрес места работы|ҷойи ҷойгиршавӣ|суроғаи кор|location',
  ),
  field('pay', readPay, 'salary|pay|зарплата|заработная плата|оклад|маош|оплата|музд'),
  field('pay_min', readAmount, 'salary_min|salary_from|pay_min|зарплата от|оклад от|маош аз|min salary'),
  field('pay_max', readAmount, 'salary_max|salary_to|pay_max|зарплата до|оклад до|маош то|max salary'),
  field('pay_currency', readCurrency, 'currency|salary_currency|валюта|асъор|pay_currency'),
  field('pay_period', readOneOf(PERIODS), 'pay_period|period|период оплаты|за какой срок|давраи музд|per'),
  field('pay_tax', readOneOf(TAX), 'gross or net|gross|до вычета или на руки|налог|андоз|pay_tax'),
  field(
    'published_on',
    readDay,
    'published|published_at|published_on|дата публикации|дата размещения|creation-date|санаи нашр|date',
  ),
  field('published_days_ago', readWhole(0), 'published_days_ago'),
  field('modified_on', readDay, 'modified|date_modify|дата изменения|обновлено|санаи тағйир'),
  field('expires_on', readDay, 'expires|expires_on|действует до|срок действия|дата окончания|то сана|муҳлат'),
  field('expires_in_days', readOffset, 'expires_in_days'),
  field(
    'duties',
    readText,
    'duties|duty|обязанности|должностные обязанности|position_responsibilities|вазифаҳо|description|описание|job description',
  ),
  field('requirements', readText, 'requirements|требования|position_requirements|талабот|requirement'),
  field('conditions', readText, 'conditions|условия|условия труда|шартҳо|шароит|benefits|льготы'),
  field('schedule', readText, 'schedule|график|график работы|режим работы|ҷадвали кор|schedule_type'),
  field('hours', readText, 'hours|часы|часы работы|время работы|соатҳои кор|working hours'),
  field('contract', readOneOf(CONTRACT), 'contract|договор|тип договора|вид занятости|шартнома|contract type'),
  field(
    'positions',
    readWhole(1),
    'positions|work_places|количество мест|рабочих мест|вакантных мест|теъдоди ҷойҳо|number of places',
  ),
  field('accommodation', readYesNo, 'accommodation|housing|жильё|жилье|проживание|хобгоҳ|манзил|ҷои зист'),
  ...Object.entries(FACTS).map(([name, { read, headings }]) => field(name, read, headings)),
  field('foreigners', readOneOf(FOREIGNERS), 'foreigners|open to foreigners|иностранцы|иностранные работники|хориҷиён'),
  field('phone', readText, 'phone|телефон|contact phone|контактный телефон'),
  field('email', readText, 'email|e-mail|эл. почта|электронная почта|почта|почтаи электронӣ'),
  field('website', readUrl, 'site|website|сайт|сомона'),
  field('contact_person', readText, 'contact person|контактное лицо|шахси тамос|contact_person'),
  field('pays_accommodation', readOneOf(PAYER), 'who pays housing|кто платит за жильё|pays_accommodation'),
  field('pays_food', readOneOf(PAYER), 'who pays food|кто платит за питание|pays_food'),
  field('pays_travel', readOneOf(PAYER), 'who pays travel|кто платит за дорогу|pays_travel'),
  field('pays_permit', readOneOf(PAYER), 'who pays permit|кто платит за патент|pays_permit'),
  field('pays_medical', readOneOf(PAYER), 'who pays medical|кто платит за медосмотр|pays_medical'),
  field('pays_training', readOneOf(PAYER), 'who pays training|кто платит за обучение|pays_training'),
  field('documents', readList, 'documents|документы|ҳуҷҷатҳо'),
  field('withdrawn', readYesNo, 'withdrawn|снята|бозпас гирифта шуд'),
]

// A demonstration's days move with the day on which it is loaded; a negative one is over.
function readOffset(text: string) {
  const days = Number(text)
  return Number.isInteger(days) && Math.abs(days) < 3_650
    ? { value: days }
    : { error: { key: 'vacancies.row.bad_number', values: { value: text.slice(0, 40) } } }
}
