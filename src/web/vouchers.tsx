// Original vouchers (原始凭证) as pictures and links: small ones in a list, one large beside an
// approval. A file that had to be erased by law keeps its place and its hash.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { useTexts } from './context.ts';
import { safeHref } from './links.ts';
import { formatSize } from './locale.ts';
import { Chip } from './parts.tsx';

export interface VoucherItem {
  sha256: string;
  file_name: string;
  media_type: string;
  size: number;
  href: string;
  /** A small picture; without one, pictures are shown themselves and others by their kind. */
  thumb_href?: string | undefined;
  /** 发票, 验收单, 照片… in the page's language. */
  kind?: string | undefined;
  removed?: boolean | undefined;
}

const shownAsPicture = (voucher: VoucherItem): boolean =>
  /^image\/(png|jpeg|webp)$/.test(voucher.media_type);

function extension(voucher: VoucherItem): string {
  const found = /\.([A-Za-z0-9]{1,5})$/.exec(voucher.file_name)?.[1];
  return (found ?? voucher.media_type.split('/').at(-1) ?? '').slice(0, 5).toUpperCase();
}

function Thumb({ voucher }: { voucher: VoucherItem }): JSX.Element {
  const src = voucher.thumb_href ?? (shownAsPicture(voucher) ? voucher.href : undefined);
  if (src !== undefined && voucher.removed !== true) {
    return <img class="thumb" src={safeHref(src)} alt="" loading="lazy" width={96} height={96} />;
  }
  return (
    <span class="thumb file-kind" aria-hidden="true">
      {extension(voucher)}
    </span>
  );
}

export function VoucherList({ vouchers }: { vouchers: readonly VoucherItem[] }): JSX.Element {
  const t = useTexts();
  if (vouchers.length === 0) return <p class="hint">{t.no_vouchers}</p>;
  return (
    <ul class="vouchers">
      {vouchers.map((voucher) => {
        const facts = (
          <>
            <Thumb voucher={voucher} />
            <span class="voucher-text">
              {voucher.kind !== undefined && (
                <>
                  <Chip tone="plain">{voucher.kind}</Chip>{' '}
                </>
              )}
              <span class="file-name">{voucher.file_name}</span>
              <small class="hint">
                {voucher.removed === true ? t.voucher_removed : formatSize(voucher.size)}
              </small>
              <small class="hint hash">
                {fill(t.fingerprint, { hash: `${voucher.sha256.slice(0, 12)}…` })}
              </small>
            </span>
          </>
        );
        return (
          <li>
            {voucher.removed === true ? (
              <div class="voucher">{facts}</div>
            ) : (
              <a class="voucher" href={safeHref(voucher.href)}>
                {facts}
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The voucher itself, large: a picture, or a frame for a PDF; a link for what neither shows. */
export function VoucherView(voucher: VoucherItem): JSX.Element {
  const t = useTexts();
  const href = safeHref(voucher.href);
  const open = fill(t.open_voucher, { name: voucher.file_name });
  return (
    <figure class="voucher-view">
      {voucher.removed !== true && shownAsPicture(voucher) && (
        <a href={href}>
          <img src={href} alt={voucher.kind ?? voucher.file_name} />
        </a>
      )}
      {voucher.removed !== true && voucher.media_type === 'application/pdf' && (
        <iframe src={href} title={voucher.file_name} loading="lazy" />
      )}
      <figcaption>
        {voucher.kind !== undefined && (
          <>
            <Chip tone="plain">{voucher.kind}</Chip>{' '}
          </>
        )}
        {voucher.removed === true ? (
          <span>
            {voucher.file_name} · {t.voucher_removed}
          </span>
        ) : (
          <a class="tap" href={href}>
            {open}
          </a>
        )}
        <small class="hint hash">{fill(t.fingerprint, { hash: voucher.sha256 })}</small>
      </figcaption>
    </figure>
  );
}
