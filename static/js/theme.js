// The theme that a reader chose, before anything is painted. The switch is in header.js.
document.documentElement.dataset.scripts = ''
try {
  const theme = localStorage.getItem('papergrove-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {} // storage may be forbidden
