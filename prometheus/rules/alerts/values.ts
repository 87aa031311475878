/** How templates write values. */
export const VALUE = {
  percent: "{{ $value | humanizePercentage }}",
  seconds: "{{ $value | humanizeDuration }}",
  number: '{{ $value | printf "%.0f" }}',
  /** How many times something else. */
  factor: '{{ $value | printf "%.1f" }}',
} as const;
