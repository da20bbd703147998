// Tokens that show by their first letters whose they are: as data, a line a vendor. Pure.
import { MASK } from "./mask.ts";

/** What the tokens of a vendor begin with, and how many more characters they have at least. */
interface KnownToken {
  readonly of: string;
  readonly prefixes: readonly string[];
  readonly atLeast: number;
}

/** Prefixes as the vendors document them. Capitals count. */
const KNOWN_TOKENS: readonly KnownToken[] = [
  { of: "AWS", prefixes: ["AKIA", "ASIA", "ABIA", "ACCA"], atLeast: 12 },
  { of: "Anthropic and OpenAI", prefixes: ["sk-ant-", "sk-proj-", "sk-svcacct-"], atLeast: 8 },
  { of: "Atlassian", prefixes: ["ATATT3", "ATBB"], atLeast: 12 },
  { of: "Databricks", prefixes: ["dapi"], atLeast: 30 },
  { of: "DigitalOcean", prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"], atLeast: 8 },
  { of: "Docker", prefixes: ["dckr_pat_", "dckr_oat_"], atLeast: 8 },
  { of: "Doppler", prefixes: ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa."], atLeast: 8 },
  {
    of: "GitHub",
    prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    atLeast: 8,
  },
  { of: "GitLab", prefixes: ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-"], atLeast: 8 },
  { of: "Google", prefixes: ["AIza", "ya29.", "GOCSPX-", "1//0"], atLeast: 8 },
  { of: "Grafana", prefixes: ["glsa_", "glc_"], atLeast: 8 },
  { of: "HashiCorp", prefixes: ["hvs.", "hvb.", "hvr."], atLeast: 8 },
  { of: "Heroku", prefixes: ["HRKU-"], atLeast: 8 },
  { of: "Hugging Face", prefixes: ["hf_", "api_org_"], atLeast: 12 },
  { of: "Linear", prefixes: ["lin_api_"], atLeast: 8 },
  { of: "New Relic", prefixes: ["NRAK-", "NRJS-", "NRII-"], atLeast: 8 },
  { of: "Notion", prefixes: ["ntn_"], atLeast: 12 },
  { of: "npm", prefixes: ["npm_"], atLeast: 16 },
  { of: "PlanetScale", prefixes: ["pscale_tkn_", "pscale_pw_", "pscale_oauth_"], atLeast: 8 },
  { of: "Postman", prefixes: ["PMAK-"], atLeast: 8 },
  { of: "PyPI", prefixes: ["pypi-AgE"], atLeast: 8 },
  { of: "RubyGems", prefixes: ["rubygems_"], atLeast: 16 },
  { of: "SendGrid", prefixes: ["SG."], atLeast: 16 },
  { of: "Sentry", prefixes: ["sntrys_", "sntryu_"], atLeast: 8 },
  { of: "Shopify", prefixes: ["shpat_", "shpca_", "shppa_", "shpss_"], atLeast: 8 },
  { of: "Slack", prefixes: ["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xoxe-", "xapp-"], atLeast: 8 },
  { of: "Square", prefixes: ["sq0atp-", "sq0csp-", "EAAA"], atLeast: 20 },
  {
    of: "Stripe",
    prefixes: ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"],
    atLeast: 8,
  },
  { of: "Tailscale", prefixes: ["tskey-"], atLeast: 8 },
];

/** A token begins where a word begins, or after a line feed as JSON writes it. */
const BEGIN = String.raw`(?:(?<![\w-])|(?<=\\[nrt]))`;
const escaped = (prefix: string) => prefix.replace(/[./]/g, "\\$&");
const forms = KNOWN_TOKENS.flatMap(({ prefixes, atLeast }) =>
  prefixes.map((prefix) => `${escaped(prefix)}[\\w.+/=-]{${atLeast},}`),
);
const TOKEN = new RegExp(`${BEGIN}(?:${forms.join("|")})`, "g");
/** JSON Web Tokens; one that is cut off too. */
const JSON_WEB_TOKEN = new RegExp(String.raw`${BEGIN}eyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?`, "g");
/** Addresses that are secrets as a whole: who knows them may write there. */
const SECRET_ADDRESS =
  /(\b(?:hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks|outlook\.office\.com\/webhook|api\.telegram\.org)\/)[^\s"'<>]+/gi;

/** The text without tokens whose form is known. */
export function withoutKnownTokens(text: string): string {
  return text.replace(TOKEN, MASK).replace(JSON_WEB_TOKEN, MASK).replace(SECRET_ADDRESS, `$1${MASK}`);
}
