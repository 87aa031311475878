/** How templates write values. */
export const VALUE = {
  percent: "{{ $value | humanizePercentage }}",
  seconds: "{{ $value | humanizeDuration }}",
  number: '{{ $value | printf "%.4g" }}',
} as const;
