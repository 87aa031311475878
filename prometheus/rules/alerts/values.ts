/** How templates write values. */
export const VALUE = {
  percent: "{{ $value | humanizePercentage }}",
  seconds: "{{ $value | humanizeDuration }}",
  number: '{{ $value | printf "%.0f" }}',
  /** A multiple of another value. */
  factor: '{{ $value | printf "%.1f" }}',
} as const;
