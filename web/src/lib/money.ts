/** An amount of money that may be less than a cent. */
export function dollars(amount: number, tag: string): string {
  return new Intl.NumberFormat(tag, { style: "currency", currency: "USD", maximumFractionDigits: 4 }).format(amount);
}
