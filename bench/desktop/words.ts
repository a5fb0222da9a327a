/** A large supply of words, phrases, names, numbers and addresses, so that arguments have to be copied, not remembered. */
import type { Random } from './random.ts';

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

const NOUNS =
  list(`report budget plan meeting summary project review market team client product strategy analysis forecast
  schedule proposal contract invoice policy survey result method model design system service network platform device
  customer employee manager director partner supplier office branch region country factory warehouse engine sensor
  garden river mountain forest village bridge harbor station airport museum library theater school teacher student
  lesson chapter article journal letter memo notice record table figure section appendix reference glossary index
  energy climate weather storm ocean island desert valley season harvest kitchen recipe dinner coffee chocolate bread
  history culture language science physics chemistry biology medicine patient doctor hospital clinic treatment vaccine
  software hardware database server website browser password account profile message update release version feature
  revenue profit margin expense salary tax audit balance loan interest credit payment order delivery shipment package
  goal target milestone deadline priority risk issue change request decision action outcome benefit quality safety`);
const ADJECTIVES =
  list(`annual quarterly monthly weekly daily final initial internal external global local regional national
  public private new old modern classic digital green blue red golden silver quiet bright dark early late rapid slow
  strong weak large small great little open closed hidden visible simple complex basic advanced critical minor major
  urgent important strategic financial technical medical legal social natural organic electric mobile remote central
  northern southern eastern western upper lower inner outer happy brave clever gentle honest proud wild fresh warm cold`);
const VERBS =
  list(`review approve update discuss present prepare deliver improve reduce increase measure explain support
  develop explore protect describe compare collect share build test launch finish start change extend confirm`);
const FIRST_NAMES =
  list(`Anna Boris Carla David Elena Farid Grace Hiro Ingrid Jamal Karin Liam Maria Nadia Oscar Priya Quinn
  Rosa Samuel Tanja Umar Vera Walter Ximena Yusuf Zoe Hannah Miguel Sofia Ahmed Lucas Mei Olga Peter Ruth Stefan Theo`);
const LAST_NAMES =
  list(`Miller Schmidt Garcia Rossi Novak Kowalski Jensen Okafor Tanaka Singh Kim Chen Dubois Silva Petrov
  Haddad Cohen Murphy Andersson Virtanen Moreau Weber Fischer Lopez Costa Ivanov Nguyen Patel Khan Yilmaz Larsen Brown`);
const ONSETS = list('b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sk st t th tr v w z');
const VOWELS = list('a e i o u ai ea io oo ou');
const CODAS = ['', '', '', 'n', 'r', 's', 'l', 'm', 't', 'nd', 'rt', 'x', 'ck'];
const FILLERS =
  list(`the a this that each every our their its some many most of in on at for with from into over under after
  before during without and or but while because when is was are were will can may must should has had have been`);
const TOP_LEVEL = list('com org net io edu');

export const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** A word that no dictionary has, two or three syllables. */
function inventWord(random: Random): string {
  let word = '';
  for (let i = random.int(2, 3); i > 0; i--) word += random.pick(ONSETS) + random.pick(VOWELS);
  return word + random.pick(CODAS);
}

const KINDS: readonly ((random: Random) => string)[] = [
  (r) => `${r.pick(ADJECTIVES)} ${r.pick(NOUNS)}`,
  (r) => `${capitalize(r.pick(ADJECTIVES))} ${capitalize(r.pick(NOUNS))}`,
  (r) => `${capitalize(r.pick(NOUNS))} ${r.int(1, 2999)}`,
  (r) => `${r.pick(FIRST_NAMES)} ${r.pick(LAST_NAMES)}`,
  (r) => capitalize(inventWord(r)),
  (r) => inventWord(r),
  (r) => `${r.pick(NOUNS)} ${inventWord(r)}`,
  (r) => `${r.pick(VERBS)} the ${r.pick(NOUNS)}`,
  (r) => `${capitalize(r.pick(VERBS))} ${r.pick(ADJECTIVES)} ${r.pick(NOUNS)}`,
  (r) => `${r.pick(NOUNS)} of the ${r.pick(NOUNS)}`,
  (r) => `${r.pick(ADJECTIVES)} ${r.pick(ADJECTIVES)} ${r.pick(NOUNS)}`,
  (r) => `${r.pick(NOUNS).toUpperCase()} ${r.int(1, 99)}`,
  (r) => `${r.pick(NOUNS)} and ${r.pick(NOUNS)}`,
  (r) => `${r.int(10, 99)} ${r.pick(ADJECTIVES)} ${r.pick(NOUNS)}s`,
];

/** A phrase of one to four words. */
export const phrase = (random: Random): string => random.pick(KINDS)(random);

export const knownWord = (random: Random): string => random.pick(random.chance(0.6) ? NOUNS : ADJECTIVES);

/** One word of at least three letters, known or invented. */
export function word(random: Random): string {
  const base = random.chance(0.5) ? inventWord(random) : knownWord(random);
  return random.chance(0.3) ? capitalize(base) : base;
}

/** Letters and digits only, as bookmarks and file names want. */
export function identifier(random: Random): string {
  const first = random.chance(0.5) ? random.pick(NOUNS) : inventWord(random);
  const kind = random.int(0, 3);
  if (kind === 0) return first;
  if (kind === 1) return `${first}_${random.pick(NOUNS)}`;
  if (kind === 2) return `${capitalize(first)}${random.int(1, 99)}`;
  return capitalize(first) + capitalize(random.pick(NOUNS));
}

export function webAddress(random: Random): string {
  const host = random.chance(0.6) ? inventWord(random) : random.pick(NOUNS);
  const path = random.chance(0.4) ? `/${random.pick(NOUNS)}` : '';
  return `https://${random.chance(0.5) ? 'www.' : ''}${host}.${random.pick(TOP_LEVEL)}${path}`;
}

export function emailAddress(random: Random): string {
  const person = `${random.pick(FIRST_NAMES)}.${random.pick(LAST_NAMES)}${random.int(1, 99)}`.toLowerCase();
  return `${person}@${inventWord(random)}.${random.pick(TOP_LEVEL)}`;
}

/** A folder on a drive, or a file in it. */
export function filePath(random: Random, extensions: readonly string[]): string {
  const folder = `${random.pick(['C', 'D', 'E'])}:\\${random.pick(['Users', 'Work', 'Data', 'Temp'])}\\${identifier(random)}`;
  return extensions.length === 0 ? folder : `${folder}\\${identifier(random)}${random.pick(extensions)}`;
}

/** A sentence-like run of 5 to 12 words. */
export function sentence(random: Random): string {
  const words: string[] = [];
  for (let i = random.int(5, 12); i > 0; i--) {
    words.push(random.chance(0.45) ? random.pick(FILLERS) : random.pick(random.pick([NOUNS, ADJECTIVES, VERBS])));
  }
  return `${capitalize(words.join(' '))}.`;
}
