"""`gouji worklist`: an Excel workbook for stewards, one row a cause of broken checks."""
