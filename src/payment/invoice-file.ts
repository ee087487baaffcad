// What an invoice file says of itself. Two kinds of XML are read: the digital invoice of the tax bureau (数电票, root
// EInvoice) and the electronic invoice before it (root eInvoice, prefix fp), alone, inside an OFD (Attachs), or attached to a
// PDF. Nothing else is guessed: a picture or a scan has a number that somebody types.
// The file is another's: no document type, no entities, a limit on what is unpacked and on how much is looked at.
import { inflateSync } from 'node:zlib';
import { XMLParser } from 'fast-xml-parser';
import { isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import { money, type Money } from '../kernel/money.ts';
import { archiveEntries, unpack } from './archive.ts';
import { plainXml, type MediaType } from './content.ts';
import { refusals } from './refusals.ts';

export interface InvoiceRead {
  source: 'xml' | 'ofd' | 'pdf';
  /** 数电票: 20 digits. Older ones: code and number together. */
  number: string;
  issued_on: BusinessDate | null;
  seller_name: string;
  seller_tax_number: string | null;
  buyer_name: string;
  buyer_tax_number: string | null;
  /** With tax; negative of a red invoice. */
  total: Money;
  is_red: boolean;
  /** Number of the invoice that a red one takes back, where it says so. */
  reverses: string | null;
}

const LARGEST_XML = 5 * 1024 * 1024;
/** Attachments that are looked at; an invoice has one. */
const ATTACHMENTS = 5;

/** Null where the file is no invoice that can be read. Refusal: file_unsafe. */
export function readInvoiceFile(bytes: Buffer, media_type: MediaType, file_name: string): InvoiceRead | null {
  switch (media_type) {
    case 'application/xml': return fromXml(bytes, 'xml', file_name);
    case 'application/ofd': return fromOfd(bytes, file_name);
    case 'application/pdf': return fromPdf(bytes, file_name);
    default: return null;
  }
}

const isAttachment = (name: string): boolean =>
  /(^|\/)original_invoice\.xml$/i.test(name) || /(^|\/)attach[^/]*\/(?!attachments\.xml$)[^/]+\.xml$/i.test(name);

function fromOfd(bytes: Buffer, file_name: string): InvoiceRead | null {
  const found = (archiveEntries(bytes) ?? []).filter((entry) => isAttachment(entry.name)).slice(0, ATTACHMENTS);
  for (const entry of found) {
    const content = unpack(bytes, entry, LARGEST_XML);
    if ('why' in content) {
      if (content.why === 'too_large') throw unpacksTooLarge(file_name);
      continue;
    }
    const invoice = fromXml(content.bytes, 'ofd', file_name);
    if (invoice !== null) return invoice;
  }
  return null;
}

const unpacksTooLarge = (file_name: string): Error =>
  refusals.file_unsafe({ file_name, what: '解压后大得不正常', what_en: 'it unpacks to something far too large' }, 'vouchers');

/** Attachments lie in streams of type EmbeddedFile; those packed in another way, or locked, are left alone. */
function fromPdf(bytes: Buffer, file_name: string): InvoiceRead | null {
  let at = 0;
  for (let i = 0; i < ATTACHMENTS; i += 1) {
    at = bytes.indexOf('/EmbeddedFile', at, 'latin1');
    if (at < 0) return null;
    at += '/EmbeddedFile'.length;
    // "/EmbeddedFiles" is the list of names.
    if (bytes[at] === 0x73) continue;
    const stream = bytes.indexOf('stream', at, 'latin1');
    if (stream < 0 || stream - at > 2_000) continue;
    const start = stream + 'stream'.length + (bytes[stream + 6] === 0x0d ? 2 : 1);
    const end = bytes.indexOf('endstream', start, 'latin1');
    if (end < 0) return null;
    const content = inflated(bytes.subarray(start, end));
    const invoice = content === null || !/^[\s\uFEFF]*</.test(content.subarray(0, 100).toString('utf8')) ? null : fromXml(content, 'pdf', file_name);
    if (invoice !== null) return invoice;
    at = end;
  }
  return null;
}

function inflated(stream: Buffer): Buffer | null {
  if (stream[0] === 0x3c || stream[0] === 0xef) return stream.length > LARGEST_XML ? null : stream;
  try {
    return inflateSync(stream, { maxOutputLength: LARGEST_XML });
  } catch {
    return null;
  }
}

type Branch = { readonly [name: string]: unknown };
const parser = new XMLParser({ ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false, trimValues: true });

function fromXml(bytes: Buffer, source: InvoiceRead['source'], file_name: string): InvoiceRead | null {
  const text = plainXml(bytes, file_name);
  if (text === null || !/<(?:[\w.-]+:)?einvoice[\s>]/i.test(text)) return null;
  let root: Branch;
  try {
    root = parser.parse(text) as Branch;
  } catch {
    return null;
  }
  const invoice = branch(root, 'EInvoice') ?? branch(root, 'eInvoice');
  if (invoice === null) return null;
  const said = branch(invoice, 'EInvoiceData') !== null ? digitalInvoice(invoice) : olderInvoice(invoice);
  return complete(said, source);
}

const own = (parent: Branch | null, name: string): unknown =>
  (parent !== null && Object.hasOwn(parent, name) ? parent[name] : undefined);
const branch = (parent: Branch | null, name: string): Branch | null => {
  const value = own(parent, name);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Branch : null;
};
const leaf = (parent: Branch | null, name: string): string => {
  const value = own(parent, name);
  return typeof value === 'string' ? value.normalize('NFC').replace(/\p{Cf}/gu, '').replace(/[\s\p{Cc}]+/gu, ' ').trim() : '';
};

type Said = Record<'number' | 'issued_on' | 'seller_name' | 'seller_tax' | 'buyer_name' | 'buyer_tax' | 'total' | 'reverses', string> & { red: boolean };

/** 数电票: EInvoice/TaxSupervisionInfo and EInvoice/EInvoiceData. */
function digitalInvoice(invoice: Branch): Said {
  const content = branch(invoice, 'EInvoiceData');
  const [seller, buyer] = [branch(content, 'SellerInformation'), branch(content, 'BuyerInformation')];
  const supervision = branch(invoice, 'TaxSupervisionInfo');
  const red = branch(branch(content, 'SpecificInformation'), 'RedEInvoice');
  const remark = leaf(branch(content, 'AdditionalInformation'), 'Remark');
  return {
    number: leaf(supervision, 'InvoiceNumber') || leaf(branch(invoice, 'Header'), 'EIid'), issued_on: leaf(supervision, 'IssueTime'),
    seller_name: leaf(seller, 'SellerName'), seller_tax: leaf(seller, 'SellerIdNum'),
    buyer_name: leaf(buyer, 'BuyerName'), buyer_tax: leaf(buyer, 'BuyerIdNum'),
    total: leaf(branch(content, 'BasicInformation'), 'TotalTax-includedAmount'),
    reverses: leaf(red, 'OriginalInvoiceCode') || (/被红冲蓝字数电(?:票|发票)号码[:：]\s*(\d{8,20})/.exec(remark)?.[1] ?? ''), red: red !== null,
  };
}

/** The electronic invoices before it: eInvoice/InvoiceCode, InvoiceNo …; a red one names code and number in its note. */
function olderInvoice(invoice: Branch): Said {
  const [seller, buyer] = [branch(invoice, 'Seller'), branch(invoice, 'Buyer')];
  const taken = /对应正数发票代码[:：]\s*(\d{10,12})\s*号码[:：]\s*(\d{8})/.exec(leaf(invoice, 'Note'));
  return {
    number: leaf(invoice, 'InvoiceCode') + leaf(invoice, 'InvoiceNo'), issued_on: leaf(invoice, 'IssueDate'),
    seller_name: leaf(seller, 'SellerName'), seller_tax: leaf(seller, 'SellerTaxID'),
    buyer_name: leaf(buyer, 'BuyerName'), buyer_tax: leaf(buyer, 'BuyerTaxID'),
    total: leaf(invoice, 'TaxInclusiveTotalAmount'), reverses: taken === null ? '' : `${taken[1]}${taken[2]}`, red: taken !== null,
  };
}

/** "2026-02-28", "2026-02-28 10:11:12", "20260228", "2026年02月28日". */
function dayOf(text: string): BusinessDate | null {
  const [, year, month, day] = /^(\d{4})[-年/.]?(\d{2})[-月/.]?(\d{2})/.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  return year !== undefined && isBusinessDate(date) ? date : null;
}

function complete(said: Said, source: InvoiceRead['source']): InvoiceRead | null {
  const number = said.number.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const sum = said.total.replaceAll(',', '').replace(/^(-?)[¥￥]/, '$1');
  // 1e5 is no amount, and neither is what has a third place.
  if (!/^[0-9A-Z-]{4,40}$/.test(number) || !/^-?(0|[1-9]\d{0,11})(\.\d{1,2}0*)?$/.test(sum)) return null;
  if (said.seller_name === '' || said.buyer_name === '' || said.seller_name.length > 200 || said.buyer_name.length > 200) return null;
  const total = money(sum.replace(/(\.\d{2})0+$/, '$1'));
  const orNull = (text: string): string | null => (text === '' || text.length > 40 ? null : text);
  return {
    source, number, issued_on: dayOf(said.issued_on), seller_name: said.seller_name, seller_tax_number: orNull(said.seller_tax),
    buyer_name: said.buyer_name, buyer_tax_number: orNull(said.buyer_tax), total, is_red: said.red || total.isNegative(),
    reverses: /^[0-9A-Z-]{4,40}$/.test(said.reverses) ? said.reverses : null,
  };
}
